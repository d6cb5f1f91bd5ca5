import Certificates
import ExpiryRules

/// The ledger at one moment, for a reader that needs several facts of the same moment. It is valid only inside the closure
/// that receives it.
package struct LedgerSnapshot {
    private let session: any SQLSession

    init(session: any SQLSession) {
        self.session = session
    }

    /// Passes the places of the objects that expire first to `body`, the earliest expiry first.
    package func forEachWatched(soonest limit: Int, _ body: (WatchedItem) throws -> Void) throws {
        try WatchedReader(session: session).soonestFirst(atMost: limit, body)
    }

    /// Passes each watched object to `body` once.
    package func forEachStanding(_ body: (WatchedStanding) throws -> Void) throws {
        try WatchedReader(session: session).forEachStanding(body)
    }

    /// The state of endpoints, receivers and notafter itself. `now` is the time for which the gates are evaluated.
    package func operationalFacts(at now: Instant) throws -> OperationalFacts {
        try Ledger.operationalFacts(in: session, at: now)
    }

    /// The watched objects at their places, in the order in which they were seen first.
    ///
    /// - Parameters:
    ///   - cursor: that of the last item of the page before; 0 for the first page.
    ///   - limit: the most items.
    /// - Returns: each item with its cursor.
    /// - Throws: `LedgerError`.
    package func watched(after cursor: Int64, limit: Int) throws -> [(cursor: Int64, item: WatchedItem)] {
        try WatchedReader(session: session).page(after: cursor, limit: limit)
    }

    /// What all registrations of some objects say of them.
    package func standings(of fingerprints: Set<Fingerprint>) throws -> [Fingerprint: ObjectStanding] {
        var standings: [Fingerprint: ObjectStanding] = [:]
        try WatchedReader(session: session).forEachStanding(of: fingerprints) {
            standings[$0.fingerprint] = $0.standing
        }
        return standings
    }

    /// The flaws of some objects.
    package func flaws(of fingerprints: Set<Fingerprint>) throws -> [Fingerprint: [Judgement.Flaw]] {
        let reader = FlawReader(session: session)
        return try Dictionary(uniqueKeysWithValues: fingerprints.map { ($0, try reader.flaws(of: $0)) })
    }

    /// Deliveries in any of `states`, in the order of their numbers.
    ///
    /// - Parameters:
    ///   - states: of the deliveries.
    ///   - number: of the last delivery of the page before; 0 for the first page.
    ///   - limit: the most deliveries.
    /// - Returns: deliveries with greater numbers.
    /// - Throws: `LedgerError`.
    package func deliveries(in states: [DeliveryState], after number: Int64, limit: Int) throws -> [DeliveryRecord] {
        let ids = try session.all(
            "SELECT id FROM deliveries WHERE id > $1 AND state IN (\(SQLList.elements(of: "$2"))) ORDER BY id LIMIT $3",
            [.integer(number), .list(states), SQLValue(limit)]
        ) { try $0.integer() }
        let deliveries = try DeliveryReader(session: session).deliveries(
            where: "d.id IN (\(SQLList.elements(of: "$1")))", [.list(ids)])
        return deliveries.sorted { $0.id < $1.id }
    }

    /// The number of watched places.
    package func placeCount() throws -> Int {
        try session.one("SELECT count(*) FROM observations WHERE ended_at IS NULL") { try $0.count() } ?? 0
    }

    /// The number of files and places that the last pass could not read in full.
    package func defectCount() throws -> Int {
        try session.one("SELECT count(*) FROM files WHERE defect_reason IS NOT NULL") { try $0.count() } ?? 0
    }

    /// Passes each code and severity of open findings to `body`, with their number.
    package func forEachFindingKind(_ body: (FindingCode, Severity, Int) throws -> Void) throws {
        let sql: SQLText = """
            SELECT code, severity, count(*) FROM findings WHERE closed_at IS NULL GROUP BY code, severity
            ORDER BY code, severity
            """
        try session.forEachRow(sql, []) { row in
            var row = RowReader(row, of: sql)
            try body(try row.value(), try row.value(), try row.count())
            return true
        }
    }

    /// For each endpoint, the earliest notAfter in the chain that it presented at the last probes.
    package func presentedExpiries() throws -> [String: Instant] {
        let expiries = try session.all(
            """
            SELECT s.registration, min(c.not_after) FROM observations o JOIN sources s ON s.id = o.source_id
            JOIN certificates c ON c.id = o.certificate_id
            WHERE s.kind = 'endpoint' AND o.ended_at IS NULL AND o.absent_since IS NULL GROUP BY s.registration
            """
        ) { row in (try row.text(), row.optionalInstant()) }
        return Dictionary(expiries.compactMap { name, end in end.map { (name, $0) } }, uniquingKeysWith: min)
    }

    /// The row id of the latest notice; 0 without one.
    package func latestNotice() throws -> Int64 {
        try session.one("SELECT max(id) FROM notices") { $0.optionalInteger() }.flatMap(\.self) ?? 0
    }

    /// The notices that were decided after another one, in the order of their decision. A stage that had passed when a more
    /// urgent one was decided is none: it is recorded without a delivery.
    ///
    /// - Parameter id: the row id of the other notice; 0 for all.
    /// - Returns: at most 10,000; the rest follows after the last of them.
    /// - Throws: `LedgerError`.
    package func decisions(after id: Int64) throws -> [NoticeDecision] {
        try session.all(
            """
            SELECT n.id, n.kind, n.occurred_at, n.observed_at, c.first_seen FROM notices n
            LEFT JOIN certificates c ON c.fingerprint = n.fingerprint
            WHERE n.id > $1 AND (n.state <> 'superseded' OR EXISTS (SELECT 1 FROM deliveries d WHERE d.notice_id = n.id))
            ORDER BY n.id LIMIT 10000
            """, [.integer(id)]
        ) { row in
            let (id, kind) = (try row.integer(), try row.value(NoticeKind.self))
            let (occurredAt, observedAt) = (try row.instant(), try row.instant())
            // What was crossed before the certificate was known could not be notified earlier.
            let due = max(occurredAt, row.optionalInstant() ?? occurredAt)
            return NoticeDecision(id: id, kind: kind, lateness: max(TimeSpan(seconds: 0), observedAt - due))
        }
    }
}

/// A notice, as far as it is counted.
package struct NoticeDecision: Hashable, Sendable {
    /// Of the notice's row. Later notices have greater ones.
    package let id: Int64
    package let kind: NoticeKind
    /// How long after its cause began, or its certificate was first seen, it was decided.
    package let lateness: TimeSpan

    package init(id: Int64, kind: NoticeKind, lateness: TimeSpan) {
        self.id = id
        self.kind = kind
        self.lateness = lateness
    }
}

extension Ledger {
    /// Calls `body` with the ledger as it is now, on a thread of the engine, where it may block. Others can write meanwhile.
    ///
    /// - Throws: `LedgerError`, or what `body` throws.
    package func snapshot<Value: Sendable>(
        _ body: @escaping @Sendable (LedgerSnapshot) throws -> Value
    ) async throws -> Value {
        try await engine.read { try body(LedgerSnapshot(session: $0)) }
    }
}
