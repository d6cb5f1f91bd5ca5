/// The kind of a notice. The ledger stores the raw values, and they are part of each message's id.
package enum NoticeKind: String, Hashable, Sendable, Codable, CaseIterable {
    case expiring
    case expired
    /// Resolves the notices of a certificate, because a successor replaced it.
    case renewed
    /// Resolves the notices of a certificate, because it is gone from every registered place.
    case removed
    /// Resolves notices of a certificate that were sent too early because a clock ran ahead. They are sent again in
    /// time.
    case withdrawn
    case finding
    /// Resolves the notice of a finding.
    case findingResolved = "finding_resolved"
    /// A summary. It neither opens nor ends an incident.
    case summary

    /// Whether this notice resolves earlier ones.
    package var isResolution: Bool {
        switch self {
        case .renewed, .removed, .withdrawn, .findingResolved: true
        case .expiring, .expired, .finding, .summary: false
        }
    }
}
