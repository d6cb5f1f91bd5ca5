import Certificates

/// An end before the object's own notAfter: the CA or list that it depends on, and when that expires.
package struct EarlyEnd: Hashable, Sendable {
    /// The CA or revocation list that causes the early end.
    package struct Culprit: Hashable, Sendable {
        package let kind: WatchedObject.Kind
        package let fingerprint: Fingerprint
        /// The CA's subject, or the list's issuer.
        package let name: String

        package init(kind: WatchedObject.Kind, fingerprint: Fingerprint, name: String) {
            self.kind = kind
            self.fingerprint = fingerprint
            self.name = name
        }
    }

    /// An early end with the fingerprint of its culprit alone, as verification finds it and the ledger stores it.
    package struct Reference: Hashable, Sendable {
        package let expiry: Instant
        package let culprit: Fingerprint

        package init(expiry: Instant, culprit: Fingerprint) {
            self.expiry = expiry
            self.culprit = culprit
        }
    }

    package let expiry: Instant
    package let culprit: Culprit

    package init(expiry: Instant, culprit: Culprit) {
        self.expiry = expiry
        self.culprit = culprit
    }
}
