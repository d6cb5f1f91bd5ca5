import Certificates
import ExpiryRules
@testable import LedgerStorage
import TestSupport
import Testing

/// The statements of `DeliveryTable` on a row in each state, held against `DeliveryProgress`.
struct DeliveryEventTests {
    private static let now = Instant(seconds: 1_800_000_000)

    /// Each state, with and without an attempt that may have arrived.
    private static let rows: [DeliveryProgress] = DeliveryState.allCases.flatMap { state in
        [(false, 0), (false, 2), (true, 2)].map {
            DeliveryProgress(state: state, mayHaveBeenSeen: $0.0, attempts: $0.1)
        }
    }

    /// A statement for each event, applied to all rows.
    private static let statements: [(DeliveryEvent, @Sendable (DeliveryTable, [Int64]) throws -> Void)] = [
        (
            .leased,
            { table, ids in
                let lease = DeliveryTable.Lease(
                    token: [1], heldUntil: BootTime(bootID: "boot", seconds: 60), messageRow: 1)
                _ = try table.hold(ids, under: lease)
            }
        ),
        (.leaseExpired, { table, _ in try table.concedeLost(messageRow: 1, holdingBecause: nil) }),
        (.accepted, { table, ids in try table.markDelivered(ids, at: now) }),
        (.failed, { table, ids in try setBack(table, ids, by: .failed) }),
        (.unanswered, { table, ids in try setBack(table, ids, by: .unanswered) }),
        (.refused, { table, ids in try setBack(table, ids, by: .refused) }),
        (.cancelled, { table, ids in try ids.forEach { try table.cancelByHand($0, at: now) } }),
        (.cancelled, { table, ids in try table.cancelRerouted(ids, at: now) }),
        (.expired, { table, _ in _ = try table.expireUseless(at: now + .days(100)) }),
        (.receiverRemoved, { table, _ in try table.cancelOrphans(at: now) }),
    ]

    private static func setBack(_ table: DeliveryTable, _ ids: [Int64], by event: DeliveryEvent) throws {
        let setback = DeliveryTable.Setback(event: event, nextAt: now, reason: "a test")
        _ = try table.setBack(ids, by: setback, token: [9])
    }

    @Test(arguments: statements.indices)
    func `a statement changes a row as its event changes the progress`(index: Int) async throws {
        let (event, statement) = Self.statements[index]
        let found = try await Self.progress { table, ids in try statement(table, ids) }
        for (row, found) in zip(Self.rows, found) {
            #expect(found == row.after(event) ?? row, "\(event) on \(row)")
        }
    }

    @Test func `a notice that is replaced or ends takes its deliveries with it`() async throws {
        for (state, event) in [(NoticeState.superseded, DeliveryEvent.superseded), (.ended, .cancelled)] {
            let found = try await Self.progress { table, _ in
                try table.session.execute("UPDATE notices SET state = $1", [.text(state.rawValue)])
                let subjects = try table.session.all("SELECT subject FROM notices") { try $0.subject() }
                try table.settleIrrelevant(
                    subjects.map { SubjectEpisode(subject: $0, episode: 0) }, at: Self.now)
            }
            for (row, found) in zip(Self.rows, found) { #expect(found == row.after(event) ?? row) }
        }
    }

    @Test func `what the configuration cancelled is revived, and nothing else`() async throws {
        let found = try await Self.progress { table, ids in
            try table.session.execute("UPDATE deliveries SET reason = 'test' WHERE state <> 'cancelled'", [])
            try table.session.execute(
                "UPDATE deliveries SET reason = 'its receiver was taken out of the configuration' WHERE state = 'cancelled'",
                [])
            let notices = try table.session.all("SELECT notice_id FROM deliveries ORDER BY id") { try $0.integer() }
            try table.enqueue(
                notices.map { .init(noticeID: $0, addressee: Addressee(receiver: "ops", namedBy: "test")) },
                at: Self.now)
        }
        for (row, found) in zip(Self.rows, found) {
            #expect(found == (row.state == .cancelled ? row.after(.revived) : nil) ?? row)
        }
    }

    /// The rows after `change`, in an empty ledger that has one delivery in each of `rows`, all in message 1 and under the
    /// lease 9.
    private static func progress(
        after change: @escaping @Sendable (DeliveryTable, [Int64]) throws -> Void
    ) async throws -> [DeliveryProgress] {
        let directory = try TemporaryDirectory.inMemory()
        let engine = try SQLiteEngine(path: directory.path(of: "ledger.db"))
        return try await engine.write { session in
            try session.execute(
                "INSERT INTO messages(id, identifier, part_count, is_minimal) VALUES(1, 'message', 1, 0)", [])
            for (index, row) in rows.enumerated() {
                let id = SQLValue.integer(Int64(index + 1))
                try session.execute(
                    """
                    INSERT INTO notices(id, subject, kind, stage, episode, state, registration, severity, occurred_at,
                        observed_at, missed, useful_until)
                    VALUES($1, 'finding:fleet:lost_from_sight:' || $1, 'expiring', 0, 0, 'open', 'fleet', 'warning', $2, $2, '', $2)
                    """, [id, .integer(now.seconds)])
                try session.execute(
                    """
                    INSERT INTO deliveries(id, notice_id, receiver, state, attempts, maybe_seen, next_at, message, token)
                    VALUES($1, $1, 'ops', $2, $3, $4, $5, 1, $6)
                    """,
                    [
                        id, .text(row.state.rawValue), SQLValue(row.attempts), .integer(row.mayHaveBeenSeen ? 1 : 0),
                        .integer(now.seconds), .blob([9]),
                    ])
            }
            try change(session.deliveries, rows.indices.map { Int64($0 + 1) })
            return try session.all("SELECT state, maybe_seen, attempts FROM deliveries ORDER BY id") { row in
                DeliveryProgress(
                    state: try row.value(), mayHaveBeenSeen: try row.flag(), attempts: try row.count())
            }
        }
    }
}
