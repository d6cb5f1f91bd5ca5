import COpenSSL

/// The sole owner of one `X509_CRL`, for verification.
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
    /// - Throws: `OpenSSLError` when `der` is not a list, or has bytes after it.
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
    /// - Throws: `TLSMaterialError` for a malformed block, since an omitted list would revoke no certificate.
    package static func all(inPEM pem: [UInt8]) throws(TLSMaterialError) -> [ParsedRevocationList] {
        var lists: [ParsedRevocationList] = []
        // A closure of withUnsafeBytes cannot throw a typed error, so it returns a result.
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
}
