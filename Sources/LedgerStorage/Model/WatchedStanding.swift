import Certificates
import ExpiryRules

/// A watched certificate or revocation list with all that its state depends on besides the plan and the time.
package struct WatchedStanding: Hashable, Sendable {
    package let fingerprint: Fingerprint
    package let kind: WatchedObject.Kind
    package let validity: Validity
    /// Of the registrations that see it, the first by name.
    package let registration: String
    /// The combined verdict of the registrations that need it.
    package internal(set) var standing = ObjectStanding()
}
