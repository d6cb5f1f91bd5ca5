/// How bad a stage or a finding is, from info to critical. Raw values are part of the JSON contract.
package enum Severity: String, Hashable, Sendable, CaseIterable, Comparable {
    /// Information; nothing is in danger.
    case info
    /// It works, and needs to be fixed.
    case warning
    /// Something is refused, or soon will be.
    case critical

    package static func < (left: Severity, right: Severity) -> Bool {
        guard let left = allCases.firstIndex(of: left), let right = allCases.firstIndex(of: right) else { return false }
        return left < right
    }
}
