import Certificates
import ExpiryRules

/// The result of verifying one certificate or list, as the ledger stores it.
package struct Judgement: Hashable, Sendable {
    /// One problem of the certificate or list.
    package struct Flaw: Hashable, Sendable {
        package let code: FindingCode
        package let facts: [FlawFact]

        package init(code: FindingCode, facts: [FlawFact]) {
            self.code = code
            self.facts = facts
        }

        /// A clause for a person, in English.
        package var message: String { facts.clause(in: .english) }
    }

    package let fingerprint: Fingerprint
    /// At most one for each code.
    package let flaws: [Flaw]
    /// The CA that ends the certificate before its own notAfter; nil without one.
    package let earlyEnd: EarlyEnd.Reference?
    /// The CAs that the certificate needs.
    package let authorities: [Fingerprint]
    /// The revocation list that its verifier needs.
    package let revocationList: Fingerprint?
    /// When time alone may change the verdict; nil for never.
    package let reviewAt: Instant?

    package init(
        fingerprint: Fingerprint, flaws: [Flaw] = [], earlyEnd: EarlyEnd.Reference? = nil,
        authorities: [Fingerprint] = [], revocationList: Fingerprint? = nil, reviewAt: Instant? = nil
    ) {
        self.fingerprint = fingerprint
        self.flaws = flaws
        self.earlyEnd = earlyEnd
        self.authorities = authorities
        self.revocationList = revocationList
        self.reviewAt = reviewAt
    }
}

/// A certificate or list that has to be verified, in a few bytes.
package struct UnverifiedObject: Hashable, Sendable {
    /// The row of one observation of it.
    let observationID: Int64
    /// Its lowest position in a file of the registration.
    let position: Int
}
