import Certificates
import ExpiryRules

/// The stored state of a certificate or list.
struct Standing {
    let fingerprint: Fingerprint
    let kind: WatchedObject.Kind
    let validity: Validity
    let episode: Int64
    let endedBecause: EndReason?
    let episodeSince: Instant
    /// The name for people.
    let name: String
    /// The registrations that see it now and need it.
    var watchers: Set<String> = []
    /// When something that it depends on ends before its own notAfter; nil without such an end.
    var endsEarly: Instant?

    var hasEnded: Bool { endedBecause != nil }
    var subject: NoticeSubject { .object(fingerprint, kind) }

    /// The shortest time between the starts of two episodes.
    private static let shortestEpisode = TimeSpan.days(1)

    /// For an object that is back: until when no new episode is opened, so that one that flaps opens only one a day.
    func isHeld(at now: Instant) -> Instant? {
        guard let endedBecause, endedBecause != .unregistered else { return nil }
        let end = episodeSince + Self.shortestEpisode
        return episodeSince <= now && now < end ? end : nil
    }

    /// When it stops working, an early end included.
    var expiry: Expiry { endsEarly.map(Expiry.at) ?? validity.expiry }
}
