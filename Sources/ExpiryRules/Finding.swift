import Certificates

/// A present problem with a registration that is not a stage.
package struct Finding: Hashable, Sendable {
    /// The registration name in findings about this machine and about receivers.
    package static let machine = "notafter"

    /// The registration or endpoint that the finding is about.
    package let registration: String
    package let code: FindingCode
    /// The path, the pattern, or the endpoint's name. With registration and code it is the finding's identity.
    package let place: String
    package let severity: Severity
    /// What it states, for each language to put into words.
    package let facts: FindingFacts
    /// A next step in English in place of the code's, from a command that has no configuration. It is not stored.
    package var ownRemedy: String?

    package init(registration: String, code: FindingCode, place: String, severity: Severity, facts: FindingFacts) {
        self.registration = registration
        self.code = code
        self.place = place
        self.severity = severity
        self.facts = facts
    }

    /// The problem and the next step in English, as in JSON and on a terminal.
    package var message: String {
        guard let ownRemedy else { return facts.text(of: code, in: .english) }
        return "\(facts.statement(of: code, in: .english)) \(ownRemedy)"
    }

    /// The problem as one sentence.
    package func statement(in language: Language) -> String { facts.statement(of: code, in: language) }

    /// The next step.
    package func remedy(in language: Language) -> String { facts.remedy(of: code, in: language) }
}
