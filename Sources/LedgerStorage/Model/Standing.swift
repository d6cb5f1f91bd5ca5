import Certificates
import ExpiryRules

/// What the ledger knows of the life of a certificate or list so far.
struct Standing {
    let fingerprint: Fingerprint
    let kind: WatchedObject.Kind
    let validity: Validity
    let episode: Int64
    let endedBecause: EndReason?
    let episodeSince: Instant
    /// What people call it.
    let name: String
    /// The registrations that see it now and have a use for it.
    var watchers: Set<String> = []
    /// When it stops working by what it depends on, before its own end.
    var endsEarly: Instant?

    var hasEnded: Bool { endedBecause != nil }
    var subject: NoticeSubject { .object(fingerprint, kind) }

    /// What comes back opens a new episode, and no sooner than this after the last one was opened.
    private static let shortestEpisode = TimeSpan.days(1)

    /// Until when one that is back is watched in silence, so that what flips to and fro opens one episode a day.
    func isHeld(at now: Instant) -> Instant? {
        guard let endedBecause, endedBecause != .unregistered else { return nil }
        let end = episodeSince + Self.shortestEpisode
        return episodeSince <= now && now < end ? end : nil
    }

    /// When it really stops working.
    var expiry: Expiry { endsEarly.map(Expiry.at) ?? validity.expiry }
}
