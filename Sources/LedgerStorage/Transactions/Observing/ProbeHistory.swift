import Certificates

/// Records probe rounds. Single rounds are kept for some days, hourly sums for some months, so the size is bounded
/// however often an endpoint is probed.
struct ProbeHistory {
    /// How long single rounds are kept.
    static let rawRetention = TimeSpan.days(3)
    static let hourlyRetention = TimeSpan.days(90)
    private static let hour: Int64 = 3_600

    let session: any SQLSession
    let now: Instant

    /// Records one round.
    func add(_ sight: EndpointSight) throws {
        try session.probes.add(sight, at: now)
        try condense(sight.name)
    }

    /// Turns rounds of whole hours that are old enough into sums. It reads one row unless an hour is due.
    private func condense(_ endpoint: String) throws {
        let limit = Instant(seconds: (now - Self.rawRetention).seconds / Self.hour * Self.hour)
        guard let oldest = try session.probes.oldest(of: endpoint), oldest < limit else { return }
        try session.probeHours.addRounds(of: endpoint, before: limit)
        try session.probes.forget(of: endpoint, before: limit)
        try session.probeHours.forget(of: endpoint, before: now - Self.hourlyRetention)
    }
}
