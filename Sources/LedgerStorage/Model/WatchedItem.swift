import Certificates
import ExpiryRules

/// One watched certificate or revocation list, at one of its places.
package struct WatchedItem: Hashable, Sendable {
    package let object: WatchedObject
    package let registration: String
    /// The CA that ends the certificate before its own notAfter; nil without one.
    package let earlyEnd: EarlyEnd?
    /// The revocation list that its verifier needs; nil if it needs none.
    package let revocationList: EarlyEnd?
    package let location: Location
    /// Since when it is absent from the location; nil while it is present.
    package let absentSince: Instant?
    /// When an edge last reported its use; nil at any other place.
    package let lastUsed: Instant?
    /// Whether the registration needs it. A CA is not needed once its successor serves all certificates.
    package let isNeeded: Bool
}

/// A file that the last pass could not read in full.
package struct RememberedDefect: Hashable, Sendable {
    package let registration: String
    package let path: String
    package let defect: Defect
}
