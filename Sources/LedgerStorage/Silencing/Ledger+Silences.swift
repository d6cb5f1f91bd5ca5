import Certificates
import ExpiryRules

/// A silence with what it holds.
package struct SilenceRecord: Hashable, Sendable {
    package let silence: Silence
    /// Messages that wait for its end.
    package let heldDeliveries: Int
}

/// What a new silence is about.
package struct SilenceEffect: Hashable, Sendable {
    package let silence: Silence
    /// Messages that wait for its end already.
    package let heldDeliveries: Int
    /// What is watched now and matches: certificates and lists, and findings that stand.
    package let certificates: Int
    package let findings: Int
}

/// What came of the wish to end a silence.
package enum SilenceExpiry: Hashable, Sendable {
    /// It is over; so many messages are due that nothing else holds.
    case done(released: Int)
    case unknown
    case over(since: Instant)
}

extension Ledger {
    /// Begins a silence, and holds what waits in the outbox and matches.
    ///
    /// What is being sent just now, or may have been seen, goes on.
    package func addSilence(_ terms: SilenceTerms, plan: WatchPlan, at now: Instant) async throws -> SilenceEffect {
        try await engine.write { session in
            let silence = try SilenceRows(session: session).insert(terms, at: now)
            try SilenceKeeper(session: session, plan: plan, now: now).hold(.all)
            let census = SilenceCensus(session: session, plan: plan)
            return SilenceEffect(
                silence: silence, heldDeliveries: try census.heldDeliveries(by: silence.id),
                certificates: try census.certificates(matching: terms.matchers),
                findings: try census.findings(matching: terms.matchers))
        }
    }

    /// Ends a silence before its time: what no other one holds is due at once.
    package func expireSilence(_ id: Int64, plan: WatchPlan, at now: Instant) async throws -> SilenceExpiry {
        try await engine.write { session in
            let rows = SilenceRows(session: session)
            guard let silence = try rows.silence(id) else { return .unknown }
            guard silence.isActive(at: now) else { return .over(since: silence.overAt) }
            let census = SilenceCensus(session: session, plan: plan)
            let before = try census.heldDeliveries()
            try rows.end(id, at: now, because: .expired)
            try SilenceKeeper(session: session, plan: plan, now: now).hold(.all)
            return .done(released: before - (try census.heldDeliveries()))
        }
    }

    /// Looks again at all that is held: of what has another watcher, owner or label by now, it may be held no longer.
    package func reviewSilences(plan: WatchPlan, at now: Instant) async throws {
        try await engine.write { _ = try SilenceKeeper(session: $0, plan: plan, now: now).hold(.all) }
    }

    /// Those of these notices of which no receiver hears before a silence is over.
    package func silenced(among noticeIDs: [Int64]) async throws -> Set<Int64> {
        guard !noticeIDs.isEmpty else { return [] }
        return try await engine.read { session in
            Set(
                try session.query(
                    """
                    SELECT notice_id FROM deliveries d WHERE notice_id IN (\(SQLList.elements(of: "$1")))
                    GROUP BY notice_id
                    HAVING count(*) = count(CASE WHEN d.held_by IS NOT NULL AND d.\(DeliveryState.isOpenInSQL) THEN 1 END)
                    """, [.list(noticeIDs)]
                ) { $0.integer(0) ?? 0 })
        }
    }

    /// All silences that are remembered, the oldest first.
    package func silences() async throws -> [SilenceRecord] {
        try await engine.read { session in
            // What holds has no need of the plan.
            let nobody = WatchPlan(registrations: [], route: Route(receivers: []))
            let census = SilenceCensus(session: session, plan: nobody)
            return try SilenceRows(session: session).all().map { silence in
                SilenceRecord(silence: silence, heldDeliveries: try census.heldDeliveries(by: silence.id))
            }
        }
    }
}

/// Counts what silences are about.
private struct SilenceCensus {
    let session: any SQLSession
    let plan: WatchPlan

    /// How many messages `silence` holds, or any silence where it is nil.
    func heldDeliveries(by silence: Int64? = nil) throws -> Int {
        let condition: SQLText = silence == nil ? "d.held_by IS NOT NULL" : "d.held_by = $1"
        let count = try session.first(
            "SELECT count(*) FROM deliveries d WHERE \(condition) AND d.\(DeliveryState.isOpenInSQL)",
            silence.map { [.integer($0)] } ?? []
        ) { $0.integer(0) ?? 0 }
        return Int(count ?? 0)
    }

    /// How severe the next notice about a certificate will be, nobody knows: whatever a matcher says of that may come.
    func certificates(matching matchers: NoticeMatchers) throws -> Int {
        let relevant = NoticeMatchers(matchers.matchers.filter { $0.field != .severity })
        var matching: Set<Fingerprint> = []
        try session.forEachRow(
            """
            SELECT DISTINCT s.registration, c.fingerprint, \(ObjectRows.nameColumns) FROM observations o
            JOIN sources s ON s.id = o.source_id JOIN certificates c ON c.fingerprint = o.fingerprint
            WHERE o.ended_at IS NULL
            """, []
        ) { row in
            guard let fingerprint = row.blob(1).flatMap(Fingerprint.init(bytes:)) else { return true }
            let traits = plan.traits(
                ofNoticeFor: row.text(0) ?? "", severity: .critical, fingerprint: fingerprint,
                subject: ObjectRows.name(from: row, at: 2))
            if relevant.matches(traits) { matching.insert(fingerprint) }
            return true
        }
        return matching.count
    }

    func findings(matching matchers: NoticeMatchers) throws -> Int {
        try session.query("SELECT registration, code, severity FROM findings WHERE closed_at IS NULL") { row in
            plan.traits(
                ofNoticeFor: row.text(0) ?? "",
                severity: row.text(2).flatMap(Severity.init(rawValue:)) ?? .critical,
                code: row.text(1).flatMap(FindingCode.init(rawValue:)))
        }.count(where: matchers.matches)
    }
}
