/// Why a line was not read. Raw values are part of the JSON contract.
package enum UnreadableLine: String, Error, Hashable, Sendable, CaseIterable {
    case tooLong = "too_long"
    case notJSON = "not_json"
    case nestedTooDeep = "nested_too_deep"
    case otherFormat = "other_format"
    case noField = "no_certificate_field"
    case unreadableCertificate = "unreadable_certificate"
    case noExpiry = "no_expiry"
    case noSubject = "no_subject"

    /// A clause about a line.
    package var clause: String {
        switch self {
        case .tooLong: "longer than 128 KiB"
        case .notJSON: "no JSON object"
        case .nestedTooDeep: "JSON that is nested more than 16 levels deep"
        case .otherFormat: "not in the declared format"
        case .noField: "without any field of a client certificate"
        case .unreadableCertificate: "with a certificate that cannot be decoded"
        case .noExpiry: "with a subject and no notAfter that can be read"
        case .noSubject: "with a notAfter and no subject"
        }
    }
}
