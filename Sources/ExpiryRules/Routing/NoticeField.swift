import Certificates

/// What a matcher can look at.
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

    /// How fields are written, for messages and help.
    package static let names = unlabelled.map(\.name) + [labelPrefix + "NAME"]

    /// As it is written: `registration`, `label.team`.
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

    /// - Returns: nil for what is no field's name.
    package init?(name: String) {
        if name.hasPrefix(Self.labelPrefix), name.count > Self.labelPrefix.count {
            self = .label(String(name.dropFirst(Self.labelPrefix.count)))
        } else if let field = Self.unlabelled.first(where: { $0.name == name }) {
            self = field
        } else {
            return nil
        }
    }

    /// Every value that it can have where `registrations` are watched; nil where nobody can list them, or where what is
    /// not there today may well be tomorrow.
    package func knownValues(among registrations: [Registration]) -> [String]? {
        switch self {
        case .registration: registrations.map(\.name) + [Finding.machine]
        case .endpoint: registrations.compactMap(\.endpoint).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
        case .role, .severity, .code: vocabulary
        case .owner, .label, .fingerprint, .subject: nil
        }
    }

    /// The words that the field is limited to, wherever it is used; nil where there is no such limit.
    package var vocabulary: [String]? {
        switch self {
        case .role: Role.allCases.map(\.rawValue)
        case .severity: Severity.allCases.map(\.rawValue)
        case .code: FindingCode.allCases.map(\.rawValue)
        case .registration, .owner, .label, .endpoint, .fingerprint, .subject: nil
        }
    }
}
