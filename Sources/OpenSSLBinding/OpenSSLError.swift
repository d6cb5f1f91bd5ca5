import COpenSSL

/// What OpenSSL's error queue of this thread held after a call that failed.
///
/// The queue belongs to the thread, not to the call: clear it before the call, and drain it after with no suspension in
/// between. What is left in it is read by the next caller as a failure of its own.
package struct OpenSSLError: Error, Hashable, Sendable {
    /// One entry of the queue.
    package struct Entry: Hashable, Sendable {
        /// Such as `asn1 encoding routines`.
        package let library: String
        /// Such as `wrong tag`.
        package let reason: String
        /// OpenSSL's packed code of both (`ERR_GET_LIB`, `ERR_GET_REASON`).
        package let code: UInt
        /// What OpenSSL says beyond the reason, such as `Field=notBefore, Type=X509_VAL`; mostly empty.
        package let detail: String
    }

    /// The call that failed.
    package let call: String
    /// Innermost first, as OpenSSL queued them; may be empty.
    package let entries: [Entry]

    /// Forgets what earlier calls on this thread have left.
    package static func clear() {
        ERR_clear_error()
    }

    /// Takes all that `call` has queued on this thread.
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
    /// Whether OpenSSL failed for want of an algorithm, rather than because of what it was given.
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
