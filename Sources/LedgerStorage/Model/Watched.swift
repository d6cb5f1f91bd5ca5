import Certificates
import ExpiryRules

/// Something that is watched, with all that a decision on it depends on besides the plan and the time.
struct Watched {
    let fingerprint: Fingerprint
    let kind: WatchedObject.Kind
    let validity: Validity
    /// When it really stops working.
    let expiry: Expiry
    let episode: Int64
    /// The registrations that see it.
    let watchers: Set<String>
    /// The stages that were decided before.
    let told: Set<Stage>
    /// What people call it.
    let name: String
    /// Whether an earlier pass has seen it, or could have.
    let wasSeenBefore: Bool

    var subject: NoticeSubject { .object(fingerprint, kind) }
}
