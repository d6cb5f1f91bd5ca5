import Certificates

/// A finding of one certificate or revocation list at one place, independent of its stage.
package struct CertificateFinding: Hashable, Sendable {
    package let code: FindingCode
    /// The facts; several if the certificate has the problem several times.
    package let flaws: [FlawFact]
    /// The details of a `revoked` finding: certificate, date and reason.
    package let revocation: Revocation?

    package var severity: Severity { code.severity }
    /// A clause for a person, in English. It may quote the certificate, so escape it before printing.
    package var message: String { flaws.clause(in: .english) }
    /// The next step for a person.
    package var remedy: String { code.remedy }

    package init(_ code: FindingCode, _ flaw: FlawFact, revocation: Revocation? = nil) {
        self.code = code
        self.flaws = [flaw]
        self.revocation = revocation
    }

    package init(_ code: FindingCode, _ flaws: [FlawFact]) {
        self.code = code
        self.flaws = flaws
        self.revocation = nil
    }
}
