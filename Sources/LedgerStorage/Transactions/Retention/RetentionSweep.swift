import Certificates

/// Deletes old rows, inside one transaction. Watched certificates and open deliveries are kept at any age.
struct RetentionSweep {
    /// How long rows are kept: for a certificate after its end, for a finding after its resolution.
    static let period = TimeSpan.days(400)
    private static let interval = TimeSpan.days(1)
    /// After a longer pause than this the clock may have run ahead, so the sweep waits for another interval.
    private static let longestPause = TimeSpan.days(30)
    /// The most rows of a kind in one transaction. The rest waits for the next day.
    private static let batch = 1_000

    let session: any SQLSession
    let now: Instant

    private var horizon: Instant { now - Self.period }

    /// Sweeps if the last sweep is a day ago.
    func runIfDue() throws {
        let last = try session.meta.value(.swept).flatMap { Int64($0) }
        if let last, last <= now.seconds, now.seconds < last + Self.interval.seconds { return }
        try session.meta.set(.swept, to: String(now.seconds))
        if let last, now.seconds > last + Self.longestPause.seconds { return }
        let past = ForgettablePast(session: session, horizon: horizon, limit: Self.batch)
        try forget(past.objects())
        // Only the notices of a finding are deleted. Its row stays with the number of the episode, which is part of
        // each message's id: a problem that comes back after years must not get an id that receivers have seen.
        try forgetNotices(past.noticesOfFindings())
        try session.silences.forget(endedBefore: horizon)
        try session.messages.forgetEmpty()
    }

    private func forget(_ objects: [Int64]) throws {
        guard !objects.isEmpty else { return }
        try forgetNotices(
            ForgettablePast(session: session, horizon: horizon, limit: Self.batch).notices(about: objects))
        try session.encodings.forget(objects)
        try session.judgements.forget(objects)
        try session.needs.forget(objects)
        try session.flaws.forget(objects)
        try session.observations.forget(objects)
        try session.certificates.forget(objects)
    }

    private func forgetNotices(_ ids: [Int64]) throws {
        guard !ids.isEmpty else { return }
        try session.attempts.forget(ofNotices: ids)
        try session.deliveries.forget(ofNotices: ids)
        try session.notices.forget(ids)
    }
}
