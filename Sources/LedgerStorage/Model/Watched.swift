import Certificates
import ExpiryRules

/// A watched certificate or list, with all inputs of a decision besides the plan and the time.
struct Watched {
    let fingerprint: Fingerprint
    let kind: WatchedObject.Kind
    let validity: Validity
    /// When it stops working, an early end included.
    let expiry: Expiry
    let episode: Int64
    /// The registrations that see it.
    let watchers: Set<String>
    /// The stages that were decided before.
    let notified: Set<Stage>
    /// The name for people.
    let name: String
    /// Whether it was known before this pass.
    let wasSeenBefore: Bool

    var subject: NoticeSubject { .object(fingerprint, kind) }
}
