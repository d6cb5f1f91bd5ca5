import COpenSSL

/// Sole owner of one `X509_CRL`, for verification.
package final class ParsedRevocationList {
    let pointer: OpaquePointer

    private init(_ pointer: OpaquePointer) {
        self.pointer = pointer
    }

    deinit {
        X509_CRL_free(pointer)
    }

    /// Parses exactly one list.
    ///
    /// - Throws: `OpenSSLError` if `der` is none, or something follows it.
    package init(der: [UInt8]) throws(OpenSSLError) {
        OpenSSLError.clear()
        var consumed = 0
        let read = der.withUnsafeBufferPointer { buffer in
            var position = buffer.baseAddress
            let read = d2i_X509_CRL(nil, &position, buffer.count)
            if let start = buffer.baseAddress, let position { consumed = position - start }
            return read
        }
        guard let list = read else { throw .drained(after: "d2i_X509_CRL") }
        guard consumed == der.count else {
            X509_CRL_free(list)
            throw OpenSSLError(call: "d2i_X509_CRL", entries: [])
        }
        self.pointer = list
    }

    /// All lists in `pem`, in their order.
    ///
    /// - Throws: `TLSMaterialError` for a block that is broken: a list that is left out would revoke nobody.
    package static func all(inPEM pem: [UInt8]) throws(TLSMaterialError) -> [ParsedRevocationList] {
        var lists: [ParsedRevocationList] = []
        // A closure of withUnsafeBytes cannot throw a typed error through, so it returns a result.
        let result = pem.withUnsafeBytes { bytes -> Result<Void, TLSMaterialError> in
            do throws(TLSMaterialError) {
                let input = try PEMInput(bytes)
                while let list = try input.nextRevocationList() {
                    lists.append(ParsedRevocationList(list))
                }
                return .success(())
            } catch {
                return .failure(error)
            }
        }
        try result.get()
        return lists
    }

    /// Whether `authority` bears the name of this list's issuer, and the key identifier where the list gives one.
    package func isIssued(by authority: ParsedCertificate) -> Bool {
        defer { OpenSSLError.clear() }
        guard X509_NAME_cmp(X509_CRL_get_issuer(pointer), X509_get_subject_name(authority.pointer)) == 0 else {
            return false
        }
        guard let identifier = X509_CRL_get_ext_d2i(pointer, NID_authority_key_identifier, nil, nil) else { return true }
        let keyIdentifier = identifier.assumingMemoryBound(to: AUTHORITY_KEYID.self)
        defer { AUTHORITY_KEYID_free(keyIdentifier) }
        return X509_check_akid(authority.pointer, keyIdentifier) == X509_V_OK
    }

    /// Whether the key of `authority` made this list's signature.
    package func signatureVerifies(byKeyOf authority: ParsedCertificate) -> Bool {
        OpenSSLError.clear()
        defer { OpenSSLError.clear() }
        guard let key = X509_get0_pubkey(authority.pointer) else { return false }
        return X509_CRL_verify(pointer, key) == 1
    }
}
