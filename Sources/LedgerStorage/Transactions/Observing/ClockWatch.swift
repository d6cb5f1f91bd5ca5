import Certificates
import ExpiryRules

/// Compares the machine's clocks with their last stored reading, inside one transaction.
struct ClockWatch {
    private static let registration = Finding.machine
    private static let place = "clock"
    /// The finding about a stepped clock is closed after the clock has been steady for this long.
    private static let probation = TimeSpan.days(1)
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
        guard step.isNews, let fact = step.fact else {
            return (step, withdrawals + (step == .steady ? try closeAfterProbation() : []))
        }
        let finding = Finding(
            registration: Self.registration, code: .clockStepped, place: Self.place,
            severity: FindingCode.clockStepped.severity, facts: .machine(fact))
        let notified = try FindingWriter(session: session, plan: plan, now: now).change(to: finding)
        return (step, notified + withdrawals)
    }

    private func lastReading() throws -> ClockReading? {
        guard let text = try session.meta.value(.clock) else { return nil }
        let words = text.split(separator: " ")
        guard words.count >= 3, let wall = words.first.flatMap({ Int64($0) }),
            let seconds = words.last.flatMap({ Int64($0) })
        else { throw LedgerDamage("meta.clock holds \"\(text.prefix(60))\"") }
        let bootID = words.dropFirst().dropLast().joined(separator: " ")
        return ClockReading(wall: Instant(seconds: wall), bootID: bootID, secondsSinceBoot: seconds)
    }

    private func remember(_ reading: ClockReading) throws {
        try session.meta.set(.clock, to: "\(reading.wall.seconds) \(reading.bootID) \(reading.secondsSinceBoot)")
    }

    private func closeAfterProbation() throws -> [Int64] {
        let key = FindingTable.Key(registration: Self.registration, code: .clockStepped, place: Self.place)
        guard let since = try session.findings.openSince(key), since + Self.probation <= now else { return [] }
        return try FindingWriter(session: session, plan: plan, now: now)
            .close(registration: Self.registration, code: .clockStepped, place: Self.place)
    }
}

extension Ledger {
    /// Compares the clocks with their reading at the last pass, and opens or closes the finding about a stepped clock.
    ///
    /// - Returns: the step of the wall clock, and the ids of the notices that were decided.
    /// - Throws: `LedgerError`.
    package func observeClock(
        at now: Instant, boot: BootTime, plan: WatchPlan
    ) async throws -> (step: ClockStep, noticeIDs: [Int64]) {
        try await engine.write { try ClockWatch(session: $0, plan: plan, now: now).observe(boot) }
    }
}
