import COpenSSL

/// Reads OpenSSL objects from PEM in memory, and never asks a terminal for a passphrase.
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

    /// The next certificate, which the caller owns; nil at the end. Blocks of other kinds are passed over.
    func nextCertificate() throws(TLSMaterialError) -> OpaquePointer? {
        try next("PEM_read_bio_X509_AUX") { PEM_read_bio_X509_AUX(input, nil, refusePassphrase, $0) }
    }

    /// The next private key, which the caller owns; nil at the end. Blocks of other kinds are passed over.
    func nextKey() throws(TLSMaterialError) -> OpaquePointer? {
        try next("PEM_read_bio_PrivateKey") { PEM_read_bio_PrivateKey(input, nil, refusePassphrase, $0) }
    }

    /// The next private key, opened with `passphrase` if it is encrypted; nil at the end.
    func nextKey(passphrase: String) throws(TLSMaterialError) -> OpaquePointer? {
        OpenSSLError.clear()
        // Without a callback, OpenSSL takes the last argument for the passphrase (PEM_read_bio_PrivateKey(3)).
        var text = Array(passphrase.utf8CString)
        let key = text.withUnsafeMutableBytes { PEM_read_bio_PrivateKey(input, nil, nil, $0.baseAddress) }
        if let key { return key }
        let last = ERR_peek_last_error()
        let isEnd = ERR_GET_LIB(last) == ERR_LIB_PEM && ERR_GET_REASON(last) == PEM_R_NO_START_LINE
        OpenSSLError.clear()
        guard isEnd else { throw .wrongPassphrase }
        return nil
    }

    /// The next revocation list, which the caller owns; nil at the end. Blocks of other kinds are passed over.
    func nextRevocationList() throws(TLSMaterialError) -> OpaquePointer? {
        try next("PEM_read_bio_X509_CRL") { PEM_read_bio_X509_CRL(input, nil, refusePassphrase, $0) }
    }

    private func next(
        _ call: String, _ read: (UnsafeMutableRawPointer) -> OpaquePointer?
    ) throws(TLSMaterialError) -> OpaquePointer? {
        OpenSSLError.clear()
        var isEncrypted = false
        let object = withUnsafeMutablePointer(to: &isEncrypted) { read($0) }
        if let object { return object }
        let last = ERR_peek_last_error()
        let isEnd = ERR_GET_LIB(last) == ERR_LIB_PEM && ERR_GET_REASON(last) == PEM_R_NO_START_LINE
        let error = OpenSSLError.drained(after: call)
        guard !isEncrypted else { throw .encrypted }
        guard isEnd else { throw .unreadable(error) }
        return nil
    }
}

extension PEMInput {
    /// The first private key in `pem`, which the caller owns; without a passphrase, an encrypted one is an error.
    static func key(in pem: [UInt8], passphrase: String? = nil) throws(TLSMaterialError) -> OpaquePointer {
        // A closure of withUnsafeBytes cannot throw a typed error through, so it returns a result.
        let result = pem.withUnsafeBytes { bytes -> Result<OpaquePointer?, TLSMaterialError> in
            do throws(TLSMaterialError) {
                let input = try PEMInput(bytes)
                guard let passphrase else { return .success(try input.nextKey()) }
                return .success(try input.nextKey(passphrase: passphrase))
            } catch {
                return .failure(error)
            }
        }
        guard let key = try result.get() else { throw .noKey }
        return key
    }
}

/// A null callback would prompt on the terminal and wait. `-1` is an error, whereas 0 would be an empty passphrase.
private func refusePassphrase(
    buffer: UnsafeMutablePointer<CChar>?, size: Int32, isForWriting: Int32, wasAsked: UnsafeMutableRawPointer?
) -> Int32 {
    wasAsked?.storeBytes(of: true, as: Bool.self)
    return -1
}
