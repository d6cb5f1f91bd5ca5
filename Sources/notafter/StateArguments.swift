import ArgumentParser
import Certificates
import Configuration
import ExpiryRules
import Glibc

/// What `--state` says in a command whose objects have states too: a ledger, as in every command, or states.
///
/// A word that names a state means the state; the path of a ledger of such a name is written `./critical`.
struct StateArguments<State> {
    private(set) var states: [State] = []
    private(set) var ledger: String?

    /// - Parameters:
    ///   - texts: the values of `--state`, and of its older name `--ledger`.
    ///   - words: the names of all states.
    ///   - state: the state that a word names.
    /// - Throws: `ValidationError` for two ledgers, and for a word that is neither a file nor a state but nearly one.
    init(_ texts: [String], words: [String], state: (String) -> State?) throws {
        for text in texts {
            if let state = state(text) {
                states.append(state)
                continue
            }
            guard ledger == nil else { throw ValidationError("--state names two ledgers: name one.") }
            let isThere = PathText.withSystemPath(text) { access($0, F_OK) } == 0
            let hint = didYouMean(text, among: words)
            guard isThere || text.contains("/") || hint.isEmpty else {
                throw ValidationError(
                    "--state \(TerminalText.escaped(text)): there is neither such a ledger nor such a state\(hint)")
            }
            ledger = text
        }
    }
}

extension StateArguments<CertificateState> {
    /// - Throws: `ValidationError`.
    init(_ texts: [String]) throws {
        try self.init(texts, words: CertificateState.allCases.map(\.rawValue)) { CertificateState(word: $0) }
    }
}
