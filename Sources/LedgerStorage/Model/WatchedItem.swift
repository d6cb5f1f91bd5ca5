import Certificates
import ExpiryRules

/// One certificate or revocation list that is watched, at one of its places.
package struct WatchedItem: Hashable, Sendable {
    package let object: WatchedObject
    package let registration: String
    /// The CA that ends it before its own end; nil where none does.
    package let earlyEnd: EarlyEnd?
    /// The revocation list that its verifier needs; nil where it needs none.
    package let revocationList: EarlyEnd?
    package let location: Location
    /// Since when it is missing there; nil when it is there.
    package let absentSince: Instant?
    /// Whether the registration has a use for it: no longer for a CA whose successor does all its work.
    package let isNeeded: Bool
}

/// A file that could not be read, or not in full, at the last pass.
package struct RememberedDefect: Hashable, Sendable {
    package let registration: String
    package let path: String
    package let defect: Defect
}
