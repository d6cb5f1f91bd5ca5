import Certificates

/// A field of a notice that a matcher can compare.
package enum NoticeField: Hashable, Sendable {
    case registration
    case role
    case owner
    /// The label of this name.
    case label(String)
    case severity
    case code
    case endpoint
    case fingerprint
    case subject

    private static let labelPrefix = "label."
    private static let unlabelled: [NoticeField] = [
        .registration, .role, .owner, .severity, .code, .endpoint, .fingerprint, .subject,
    ]

    /// The names of all fields, for messages and help.
    package static let names = unlabelled.map(\.name) + [labelPrefix + "NAME"]

    /// The field's name, such as `registration` or `label.team`.
    package var name: String {
        switch self {
        case .registration: "registration"
        case .role: "role"
        case .owner: "owner"
        case .label(let name): Self.labelPrefix + name
        case .severity: "severity"
        case .code: "code"
        case .endpoint: "endpoint"
        case .fingerprint: "fingerprint"
        case .subject: "subject"
        }
    }

    /// - Returns: nil for an unknown name.
    package init?(name: String) {
        if name.hasPrefix(Self.labelPrefix), name.count > Self.labelPrefix.count {
            self = .label(String(name.dropFirst(Self.labelPrefix.count)))
        } else if let field = Self.unlabelled.first(where: { $0.name == name }) {
            self = field
        } else {
            return nil
        }
    }

    /// All values that the field can have with these registrations; nil if they cannot be listed or may change at any
    /// time.
    package func knownValues(among registrations: [Registration]) -> [String]? {
        switch self {
        case .registration: registrations.map(\.name) + [Finding.machine]
        case .endpoint: registrations.compactMap(\.endpoint).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
        case .role, .severity, .code: vocabulary
        case .owner, .label, .fingerprint, .subject: nil
        }
    }

    /// The fixed set of values of the field; nil if it has none.
    package var vocabulary: [String]? {
        switch self {
        case .role: Role.allCases.map(\.rawValue)
        case .severity: Severity.allCases.map(\.rawValue)
        case .code: FindingCode.allCases.map(\.rawValue)
        case .registration, .owner, .label, .endpoint, .fingerprint, .subject: nil
        }
    }
}
