import Certificates
import ExpiryRules

/// Compares the machine's clocks with what they said when somebody last looked, inside one transaction.
struct ClockWatch {
    private static let registration = Finding.machine
    private static let place = "clock"
    private static let subject = NoticeSubject.finding(
        registration: registration, code: .clockStepped, place: place)
    /// After this long of going steadily a clock is believed again.
    private static let probation = TimeSpan.days(1)
    /// How long a certificate that has just expired waits for the clock's step to be told first, and a stage for the
    /// withdrawal of what was told too early.
    static let precedence = TimeSpan.hours(1)

    let session: any SQLSession
    let plan: WatchPlan
    let now: Instant

    func observe(_ boot: BootTime) throws -> (step: ClockStep, noticeIDs: [Int64]) {
        let reading = ClockReading(wall: now, bootID: boot.bootID, secondsSinceBoot: boot.seconds)
        let step = try lastReading().map(reading.step(since:)) ?? .steady
        try remember(reading)
        let withdrawals: [Int64]
        switch step {
        case .back(let span):
            withdrawals = try ClockCorrection(session: session, plan: plan, now: now).undo(span)
        case .steady, .forward: withdrawals = []
        }
        guard step.isNews, let explanation = step.explanation else {
            return (step, withdrawals + (step == .steady ? try closeAfterProbation() : []))
        }
        let finding = Finding(
            registration: Self.registration, code: .clockStepped, place: Self.place,
            severity: FindingCode.clockStepped.severity, message: explanation)
        let told = try FindingWriter(session: session, plan: plan, now: now).change(to: finding)
        return (step, told + withdrawals)
    }

    /// A condition on a notice `n` and its delivery `d`: whether the receiver has still to hear of the clock first, or that a
    /// stage of the same subject was told too early. `since` is the parameter with the time before which nothing waits any
    /// more. `CROSS JOIN` makes SQLite begin with the few notices, and not with all that is open for the receiver.
    static func mustHearFirstInSQL(since: SQLText) -> SQLText {
        """
        n.kind = 'expired' AND EXISTS (
            SELECT 1 FROM notices c CROSS JOIN deliveries k
            WHERE k.notice_id = c.id AND k.receiver = d.receiver AND c.subject = 'finding:notafter:clock_stepped:clock'
                AND c.state = 'open' AND c.observed_at > \(since) AND k.\(DeliveryState.isOpenInSQL)
                AND k.held_by IS NULL AND k.quiet_until IS NULL)
        OR coalesce((
                SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'withdrew'), 0) > \(since)
            AND n.kind IN ('expiring', 'expired') AND EXISTS (
            SELECT 1 FROM notices c CROSS JOIN deliveries k
            WHERE k.notice_id = c.id AND k.receiver = d.receiver AND c.subject = n.subject
                AND c.kind = 'withdrawn' AND c.episode < n.episode AND c.state = 'open' AND c.observed_at > \(since)
                AND k.\(DeliveryState.isOpenInSQL) AND k.state <> 'parked' AND k.quiet_until IS NULL)
        """
    }

    private func lastReading() throws -> ClockReading? {
        let text = try session.first("SELECT value FROM meta WHERE name = 'clock'") { $0.text(0) ?? "" }
        let words = (text ?? "").split(separator: " ")
        guard words.count >= 3, let wall = words.first.flatMap({ Int64($0) }),
            let seconds = words.last.flatMap({ Int64($0) })
        else { return nil }
        let bootID = words.dropFirst().dropLast().joined(separator: " ")
        return ClockReading(wall: Instant(seconds: wall), bootID: bootID, secondsSinceBoot: seconds)
    }

    private func remember(_ reading: ClockReading) throws {
        try session.execute(
            "INSERT INTO meta(name, value) VALUES('clock', $1) ON CONFLICT(name) DO UPDATE SET value = $1",
            [.text("\(reading.wall.seconds) \(reading.bootID) \(reading.secondsSinceBoot)")])
    }

    private func closeAfterProbation() throws -> [Int64] {
        let since = try session.first(
            "SELECT first_seen FROM findings WHERE registration = $1 AND code = $2 AND place = $3 AND closed_at IS NULL",
            [.text(Self.registration), .text(FindingCode.clockStepped.rawValue), .text(Self.place)]
        ) { Instant(seconds: $0.integer(0) ?? 0) }
        guard let since, since + Self.probation <= now else { return [] }
        return try FindingWriter(session: session, plan: plan, now: now)
            .close(registration: Self.registration, code: .clockStepped, place: Self.place)
    }
}

extension Ledger {
    /// Compares the clocks with what they said at the last pass, and opens or closes the finding that tells of a step.
    ///
    /// - Returns: how the wall clock has gone, and the ids of the notices that were decided.
    /// - Throws: `LedgerError`.
    package func observeClock(
        at now: Instant, boot: BootTime, plan: WatchPlan
    ) async throws -> (step: ClockStep, noticeIDs: [Int64]) {
        try await engine.write { try ClockWatch(session: $0, plan: plan, now: now).observe(boot) }
    }
}
