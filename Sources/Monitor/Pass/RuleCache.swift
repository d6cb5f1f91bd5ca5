import Verification

/// Caches the verifier of each registration under the digest of its inputs. A forecast verifies at hundreds of times
/// with the same CAs and lists, and parses them only once.
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
