/// The description of a TLS alert (RFC 8446 6). 41 and 60 are from older versions.
package struct TLSAlert: Hashable, Sendable {
    package let number: UInt8

    package init(number: UInt8) {
        self.number = number
    }

    package static let handshakeFailure = TLSAlert(number: 40)
    package static let noCertificate = TLSAlert(number: 41)
    package static let badCertificate = TLSAlert(number: 42)
    package static let unsupportedCertificate = TLSAlert(number: 43)
    package static let certificateRevoked = TLSAlert(number: 44)
    package static let certificateExpired = TLSAlert(number: 45)
    package static let certificateUnknown = TLSAlert(number: 46)
    package static let unknownCA = TLSAlert(number: 48)
    package static let accessDenied = TLSAlert(number: 49)
    package static let decryptError = TLSAlert(number: 51)
    package static let internalError = TLSAlert(number: 80)
    package static let certificateRequired = TLSAlert(number: 116)

    /// The name in the RFC, or `alert_` with the number.
    package var name: String { Self.names[number] ?? "alert_\(number)" }

    private static let names: [UInt8: String] = [
        0: "close_notify", 10: "unexpected_message", 20: "bad_record_mac", 21: "decryption_failed",
        22: "record_overflow", 30: "decompression_failure", 40: "handshake_failure", 41: "no_certificate",
        42: "bad_certificate", 43: "unsupported_certificate", 44: "certificate_revoked", 45: "certificate_expired",
        46: "certificate_unknown", 47: "illegal_parameter", 48: "unknown_ca", 49: "access_denied",
        50: "decode_error", 51: "decrypt_error", 60: "export_restriction", 70: "protocol_version",
        71: "insufficient_security", 80: "internal_error", 86: "inappropriate_fallback", 90: "user_canceled",
        100: "no_renegotiation", 109: "missing_extension", 110: "unsupported_extension",
        111: "certificate_unobtainable", 112: "unrecognized_name", 113: "bad_certificate_status_response",
        114: "bad_certificate_hash_value", 115: "unknown_psk_identity", 116: "certificate_required",
        120: "no_application_protocol",
    ]
}

extension TLSAlert: CustomStringConvertible {
    /// `certificate_expired (45)`
    package var description: String { "\(name) (\(number))" }
}
