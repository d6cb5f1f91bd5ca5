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
    /// One sentence for a person, with the next step.
    package let message: String

    package init(registration: String, code: FindingCode, place: String, severity: Severity, message: String) {
        self.registration = registration
        self.code = code
        self.place = place
        self.severity = severity
        self.message = message
    }
}
