import Certificates
import ExpiryRules

extension Ledger {
    /// Deliveries in any of `states`, oldest decision first.
    package func deliveries(in states: [DeliveryState]) async throws -> [DeliveryRecord] {
        try await engine.read {
            try DeliveryReader(session: $0).deliveries(
                where: "d.state IN (\(SQLList.elements(of: "$1")))", [.list(states)])
        }
    }

    /// All deliveries of notices about `subject`.
    package func deliveries(about subject: NoticeSubject) async throws -> [DeliveryRecord] {
        try await engine.read {
            try DeliveryReader(session: $0).deliveries(where: "n.subject = $1", [.text(subject.text)])
        }
    }
}

/// Reads deliveries with their notices and attempts.
struct DeliveryReader {
    let session: any SQLSession

    /// nil for an unknown id.
    func delivery(_ id: Int64) throws -> DeliveryRecord? {
        try deliveries(where: "d.id = $1", [.integer(id)]).first
    }

    /// The deliveries that satisfy a condition, the oldest decision first.
    func deliveries(where condition: SQLText, _ parameters: [SQLValue]) throws -> [DeliveryRecord] {
        let rows = try session.all(
            """
            SELECT d.id, d.receiver, d.named_by, n.subject, n.kind, n.stage, n.episode, n.repetition, n.registration,
                n.fingerprint, n.message, n.facts, \(ObjectRows.nameColumns), n.observed_at, d.state, d.reason, d.maybe_seen,
                CASE WHEN d.\(DeliveryState.isOpenInSQL) AND r.disabled_because IS NULL
                    AND d.next_at < \(DeliveryState.neverInSQL) THEN
                    CASE WHEN r.not_before > d.next_at THEN r.not_before ELSE d.next_at END END,
                d.\(DeliveryState.isOpenInSQL) AND d.next_at >= \(DeliveryState.neverInSQL),
                s.id, s.ends_at, s.author, s.reason, d.quiet_until, d.settled_at, m.identifier, m.part_count
            FROM deliveries d JOIN notices n ON n.id = d.notice_id LEFT JOIN certificates c ON c.fingerprint = n.fingerprint
            LEFT JOIN receivers r ON r.name = d.receiver LEFT JOIN messages m ON m.id = d.message
            LEFT JOIN silences s ON s.id = d.held_by AND s.ended_at IS NULL AND d.\(DeliveryState.isOpenInSQL)
            WHERE \(condition) ORDER BY n.observed_at, n.id, d.receiver
            """, parameters, Self.record)
        let attempts = try attempts(at: rows.map(\.id))
        return rows.map { record in
            var record = record
            record.attempts = attempts[record.id] ?? []
            return record
        }
    }

    private static func record(from row: inout RowReader) throws -> DeliveryRecord {
        let (id, receiver, namedBy) = (try row.integer(), try row.text(), row.optionalText())
        let identity = try identity(from: &row)
        let (registration, fingerprint) = (try row.text(), try row.optionalFingerprint())
        let (finding, name) = (try row.optionalFindingFacts(), try row.optionalObjectName())
        return DeliveryRecord(
            id: id, receiver: receiver, namedBy: namedBy, identity: identity, registration: registration,
            fingerprint: fingerprint, name: name, finding: finding, decidedAt: try row.instant(),
            state: try row.value(), reason: row.optionalText(), mayHaveBeenSeen: try row.flag(),
            nextAttempt: row.optionalInstant(), waitsForWord: try row.flag(), hold: try hold(from: &row),
            quietUntil: row.optionalInstant(), settledAt: row.optionalInstant(),
            messageIdentifier: row.optionalText(), messagePartCount: row.optionalCount() ?? 1, attempts: [])
    }

    private static func identity(from row: inout RowReader) throws -> NoticeIdentity {
        NoticeIdentity(
            subject: try row.subject(), kind: try row.value(), stage: try row.integer(), episode: try row.integer(),
            repetition: try row.integer())
    }

    private static func hold(from row: inout RowReader) throws -> DeliveryHold? {
        let (silence, until) = (row.optionalInteger(), row.optionalInstant())
        let (author, reason) = (row.optionalText(), row.optionalText())
        guard let silence, let until, let author, let reason else { return nil }
        return DeliveryHold(silence: silence, until: until, author: author, reason: reason)
    }

    private func attempts(at deliveries: [Int64]) throws -> [Int64: [AttemptRecord]] {
        let rows = try session.all(
            """
            SELECT delivery_id, number, started_at, outcome, status, detail, milliseconds FROM attempts
            WHERE delivery_id IN (\(SQLList.elements(of: "$1"))) ORDER BY delivery_id, number
            """, [.list(deliveries)]
        ) { row in
            let id = try row.integer()
            let attempt = AttemptRecord(
                number: try row.count(), startedAt: try row.instant(), outcome: try row.optionalValue(),
                status: row.optionalCount(), detail: row.optionalText(), milliseconds: row.optionalCount())
            return (id: id, attempt: attempt)
        }
        return Dictionary(grouping: rows, by: \.id).mapValues { $0.map(\.attempt) }
    }
}
