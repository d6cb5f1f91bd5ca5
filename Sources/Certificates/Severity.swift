/// How bad a stage or a finding is. Raw values are part of the JSON contract.
package enum Severity: String, Hashable, Sendable, CaseIterable {
    /// It works, and should not stay so.
    case warning
    /// Something is refused, or soon will be.
    case critical
}
