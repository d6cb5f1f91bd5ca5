/// How bad a stage or a finding is. Raw values are part of the JSON contract.
package enum Severity: String, Hashable, Sendable, CaseIterable {
    /// Worth knowing; nothing is in danger.
    case info
    /// It works, and should not stay so.
    case warning
    /// Something is refused, or soon will be.
    case critical
}

extension Severity: Comparable {
    private var rank: Int {
        switch self {
        case .info: 0
        case .warning: 1
        case .critical: 2
        }
    }

    package static func < (left: Severity, right: Severity) -> Bool {
        left.rank < right.rank
    }
}
