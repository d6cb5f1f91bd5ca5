import Certificates

/// What something depends on, and when that ends.
package struct EarlyEnd: Hashable, Sendable {
    /// What it depends on.
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

    package let expiry: Instant
    package let culprit: Culprit

    package init(expiry: Instant, culprit: Culprit) {
        self.expiry = expiry
        self.culprit = culprit
    }
}
