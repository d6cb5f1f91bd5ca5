import Certificates
import ExpiryRules

extension Ledger {
    /// A condition: whether a notice `o` is a later reminder of the notice `n`.
    private static let isReminderInSQL: SQLText = """
        o.subject = n.subject AND o.kind = n.kind AND o.stage = n.stage AND o.episode = n.episode
            AND o.repetition > n.repetition
        """

    /// Passes all watched objects to `body`, the latest expiry first, so that a reader sees the most urgent one last.
    package func forEachWatched(_ body: @escaping @Sendable (WatchedItem) throws -> Void) async throws {
        try await engine.read { try WatchedReader(session: $0).latestFirst(body) }
    }

    /// The flaws that verification found in the watched certificates and lists, for all registrations that see them.
    package func flaws() async throws -> [Fingerprint: [Judgement.Flaw]] {
        try await engine.read { try FlawReader(session: $0).flaws() }
    }

    /// The defects of the last pass.
    package func defects() async throws -> [RememberedDefect] {
        try await engine.read { session in
            try session.all(
                """
                SELECT s.registration, f.path, f.defect_reason, f.defect_message
                FROM files f JOIN sources s ON s.id = f.source_id WHERE f.defect_reason IS NOT NULL ORDER BY f.path
                """
            ) { row in
                RememberedDefect(
                    registration: try row.text(), path: FilePath(bytes: try row.blob()).description,
                    defect: Defect(try row.value(), row.optionalText() ?? ""))
            }
        }
    }

    /// The open findings.
    package func openFindings() async throws -> [Finding] {
        try await engine.read { session in
            try session.all(
                """
                SELECT registration, code, place, severity, message, facts FROM findings WHERE closed_at IS NULL
                ORDER BY registration, code, place
                """
            ) { row in
                Finding(
                    registration: try row.text(), code: try row.value(), place: try row.text(),
                    severity: try row.value(), facts: try row.findingFacts())
            }
        }
    }

    /// The facts of notices, by id.
    package func notices(_ ids: [Int64], at now: Instant) async throws -> [NoticeFacts] {
        try await engine.read { session in
            let reader = NoticeReader(session: session)
            return try ids.map { try reader.facts(of: $0, at: now) }
        }
    }

    /// When the last complete pass began; nil without one.
    package func lastPass() async throws -> Instant? {
        try await engine.read { session in
            try session.one("SELECT max(started_at) FROM runs WHERE finished_at IS NOT NULL") {
                $0.optionalInstant()
            } ?? nil
        }
    }

    /// The open notices that were delivered to `receiver`, the oldest first, for receivers to which they must be sent
    /// again. Of a stage and its reminders, only the last delivered one.
    package func openNotices(notifiedTo receiver: String, at now: Instant) async throws -> [NoticeFacts] {
        try await engine.read { session in
            let ids = try session.all(
                """
                SELECT n.id FROM deliveries d JOIN notices n ON n.id = d.notice_id
                WHERE d.receiver = $1 AND d.state = 'delivered' AND n.kind IN ('expiring', 'expired', 'finding')
                    AND (n.state = 'open' OR n.state = 'superseded' AND EXISTS (
                        SELECT 1 FROM notices o WHERE \(Self.isReminderInSQL) AND o.state = 'open'))
                    AND NOT EXISTS (
                        SELECT 1 FROM notices o JOIN deliveries t ON t.notice_id = o.id
                        WHERE \(Self.isReminderInSQL) AND t.receiver = $1 AND t.state = 'delivered')
                ORDER BY n.id
                """, [.text(receiver)]
            ) { try $0.integer() }
            let reader = NoticeReader(session: session)
            return try ids.map { try reader.facts(of: $0, at: now) }
        }
    }
}
