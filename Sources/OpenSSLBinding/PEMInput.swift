import COpenSSL

/// Reads OpenSSL objects from PEM in memory. It never prompts for a passphrase.
struct PEMInput: ~Copyable {
    private let input: OpaquePointer

    /// The bytes must outlive this value.
    init(_ bytes: UnsafeRawBufferPointer) throws(TLSMaterialError) {
        OpenSSLError.clear()
        guard let input = BIO_new_mem_buf(bytes.baseAddress, Int32(clamping: bytes.count)) else {
            throw .unreadable(.drained(after: "BIO_new_mem_buf"))
        }
        self.input = input
    }

    deinit {
        BIO_free(input)
    }

    /// The next certificate, which the caller owns. nil at the end. Other blocks are skipped.
    func nextCertificate() throws(TLSMaterialError) -> OpaquePointer? {
        try next("PEM_read_bio_X509_AUX") { PEM_read_bio_X509_AUX(input, nil, answer, $0) }
    }

    /// The next private key, which the caller owns. nil at the end. Other blocks are skipped.
    func nextKey(passphrase: [UInt8]? = nil) throws(TLSMaterialError) -> OpaquePointer? {
        try next("PEM_read_bio_PrivateKey", passphrase) { PEM_read_bio_PrivateKey(input, nil, answer, $0) }
    }

    /// The next revocation list, which the caller owns. nil at the end. Other blocks are skipped.
    func nextRevocationList() throws(TLSMaterialError) -> OpaquePointer? {
        try next("PEM_read_bio_X509_CRL") { PEM_read_bio_X509_CRL(input, nil, answer, $0) }
    }

    private func next(
        _ call: String, _ passphrase: [UInt8]? = nil, _ read: (UnsafeMutableRawPointer) -> OpaquePointer?
    ) throws(TLSMaterialError) -> OpaquePointer? {
        OpenSSLError.clear()
        var question = PassphraseQuestion(answer: passphrase)
        let object = withUnsafeMutablePointer(to: &question) { read($0) }
        if let object { return object }
        let last = ERR_peek_last_error()
        let isEnd = ERR_GET_LIB(last) == ERR_LIB_PEM && ERR_GET_REASON(last) == PEM_R_NO_START_LINE
        let error = OpenSSLError.drained(after: call)
        guard !question.wasAsked else { throw passphrase == nil ? .encrypted : .wrongPassphrase }
        guard isEnd else { throw .unreadable(error) }
        return nil
    }
}

extension PEMInput {
    /// The first private key in `pem`, which the caller owns.
    static func key(in pem: [UInt8], passphrase: [UInt8]? = nil) throws(TLSMaterialError) -> OpaquePointer {
        // OpenSSL 3 reports "unsupported" for any input without a key.
        guard pem.firstRange(of: "PRIVATE KEY-----".utf8) != nil else { throw .noKey }
        // A closure of withUnsafeBytes cannot throw a typed error, so it returns a result.
        let result = pem.withUnsafeBytes { bytes -> Result<OpaquePointer?, TLSMaterialError> in
            do throws(TLSMaterialError) {
                return .success(try PEMInput(bytes).nextKey(passphrase: passphrase))
            } catch {
                return .failure(error)
            }
        }
        guard let key = try result.get() else { throw .noKey }
        return key
    }
}

/// The answer to OpenSSL's request for a passphrase during one read.
private struct PassphraseQuestion {
    let answer: [UInt8]?
    var wasAsked = false
}

/// A null callback would prompt on the terminal and block. `-1` is an error, whereas 0 is an empty passphrase.
private func answer(
    buffer: UnsafeMutablePointer<CChar>?, size: Int32, isForWriting: Int32, context: UnsafeMutableRawPointer?
) -> Int32 {
    guard let question = context?.assumingMemoryBound(to: PassphraseQuestion.self) else { return -1 }
    question.pointee.wasAsked = true
    guard let answer = question.pointee.answer, let buffer, answer.count <= Int(size) else { return -1 }
    for (index, byte) in answer.enumerated() { buffer[index] = CChar(bitPattern: byte) }
    return Int32(answer.count)
}
