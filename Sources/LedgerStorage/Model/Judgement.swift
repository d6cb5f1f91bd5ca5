import Certificates

/// What verification said of one certificate or list, as the ledger takes it.
package struct Judgement: Hashable, Sendable {
    /// One thing that is wrong with it.
    package struct Flaw: Hashable, Sendable {
        package let code: FindingCode
        package let message: String

        package init(code: FindingCode, message: String) {
            self.code = code
            self.message = message
        }
    }

    /// An end before its own.
    package struct EarlyEnd: Hashable, Sendable {
        package let expiry: Instant
        package let culprit: Fingerprint

        package init(expiry: Instant, culprit: Fingerprint) {
            self.expiry = expiry
            self.culprit = culprit
        }
    }

    package let fingerprint: Fingerprint
    /// A code at most once.
    package let flaws: [Flaw]
    /// The CA that ends it before its own end; nil where none does.
    package let earlyEnd: EarlyEnd?
    /// The CAs without which it does not work.
    package let authorities: [Fingerprint]
    /// The list without which its verifier refuses it.
    package let revocationList: Fingerprint?
    /// When time alone may change this; nil when it never will.
    package let reviewAt: Instant?

    package init(
        fingerprint: Fingerprint, flaws: [Flaw] = [], earlyEnd: EarlyEnd? = nil,
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

/// Something that a registration watches and that has to be judged, in a few bytes.
package struct UnjudgedObject: Hashable, Sendable {
    /// One of the places that show it.
    let observationID: Int64
    /// Its least position in a file of the registration.
    let position: Int
}
