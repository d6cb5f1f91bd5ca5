import Verification

/// The rules of registrations while nothing that they rest on changes: a forecast verifies at hundreds of times by the same CAs and
/// lists, and reads them once.
final class RuleCache {
    private var entries: [String: (context: [UInt8], rules: RegistrationVerifier)] = [:]

    /// The rules that were kept under the same context.
    ///
    /// - Parameters:
    ///   - registration: its name.
    ///   - context: the digest of all that the rules rest on.
    /// - Returns: nil where there are none.
    func rules(of registration: String, in context: [UInt8]) -> RegistrationVerifier? {
        entries[registration].flatMap { $0.context == context ? $0.rules : nil }
    }

    /// Keeps the rules of a registration in place of what was kept of it before.
    func keep(_ rules: RegistrationVerifier, of registration: String, in context: [UInt8]) {
        entries[registration] = (context, rules)
    }
}
