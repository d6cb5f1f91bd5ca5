import COpenSSL

/// The content of this thread's OpenSSL error queue after a failed call.
///
/// The queue belongs to the thread, not to the call: clear it before the call and drain it afterwards, without a
/// suspension in between. The next caller takes remaining entries for its own failure.
package struct OpenSSLError: Error, Hashable, Sendable {
    /// One entry of the queue.
    package struct Entry: Hashable, Sendable {
        /// For example `asn1 encoding routines`.
        package let library: String
        /// For example `wrong tag`.
        package let reason: String
        /// OpenSSL's packed code of both (`ERR_GET_LIB`, `ERR_GET_REASON`).
        package let code: UInt
        /// Details besides the reason, such as `Field=notBefore, Type=X509_VAL`. Usually empty.
        package let detail: String
    }

    /// The call that failed.
    package let call: String
    /// The innermost entry first, as OpenSSL queued them. May be empty.
    package let entries: [Entry]

    /// Removes the errors of earlier calls on this thread.
    package static func clear() {
        ERR_clear_error()
    }

    /// Removes and returns the errors that `call` has queued on this thread.
    package static func drained(after call: String) -> OpenSSLError {
        var entries: [Entry] = []
        while true {
            var detail: UnsafePointer<CChar>?
            var flags: Int32 = 0
            let code = ERR_get_error_all(nil, nil, nil, &detail, &flags)
            guard code != 0 else { break }
            entries.append(
                Entry(
                    library: ERR_lib_error_string(code).map { String(cString: $0) } ?? "library \(code >> 23 & 0xFF)",
                    reason: ERR_reason_error_string(code).map { String(cString: $0) } ?? "error \(code)",
                    code: UInt(code),
                    detail: flags & ERR_TXT_STRING != 0 ? detail.map { String(cString: $0) } ?? "" : ""))
        }
        return OpenSSLError(call: call, entries: entries)
    }
}

extension OpenSSLError {
    /// Whether OpenSSL failed because it lacks an algorithm, not because of its input.
    package var isUnsupported: Bool {
        entries.contains { entry in
            let reason = ERR_GET_REASON(entry.code)
            return switch ERR_GET_LIB(entry.code) {
            case ERR_LIB_EVP: reason == ERR_R_UNSUPPORTED || Self.unsupportedReasons.contains(reason)
            case ERR_LIB_PKCS12: reason == PKCS12_R_UNKNOWN_DIGEST_ALGORITHM
            default: false
            }
        }
    }

    private static let unsupportedReasons = [
        EVP_R_UNKNOWN_PBE_ALGORITHM, EVP_R_UNKNOWN_CIPHER, EVP_R_UNKNOWN_DIGEST, EVP_R_UNSUPPORTED_CIPHER,
        EVP_R_UNSUPPORTED_KEY_DERIVATION_FUNCTION, EVP_R_UNSUPPORTED_PRF,
    ]
}

extension OpenSSLError: CustomStringConvertible {
    /// `d2i_X509: wrong tag; nested asn1 error (Field=notBefore, Type=X509_VAL)`
    package var description: String {
        let reasons = entries.map { $0.detail.isEmpty ? $0.reason : "\($0.reason) (\($0.detail))" }
        return reasons.isEmpty ? "\(call) failed" : "\(call): " + reasons.joined(separator: "; ")
    }
}
