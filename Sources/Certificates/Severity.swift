/// How bad a stage or a finding is, the mildest first. Raw values are part of the JSON contract.
package enum Severity: String, Hashable, Sendable, CaseIterable, Comparable {
    /// Worth knowing; nothing is in danger.
    case info
    /// It works, and should not stay so.
    case warning
    /// Something is refused, or soon will be.
    case critical

    package static func < (left: Severity, right: Severity) -> Bool {
        guard let left = allCases.firstIndex(of: left), let right = allCases.firstIndex(of: right) else { return false }
        return left < right
    }
}
