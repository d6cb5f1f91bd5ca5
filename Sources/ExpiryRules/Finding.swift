import Certificates

/// A present problem with a registration that is not a stage.
package struct Finding: Hashable, Sendable {
    /// What stands for the registration in findings of the machine that notafter runs on, and of its receivers.
    package static let machine = "notafter"

    /// The registration or endpoint that it is about.
    package let registration: String
    package let code: FindingCode
    /// Where: the path, the pattern, or the endpoint's name. With registration and code, this is the finding's identity.
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
