import Certificates
import ExpiryRules

/// One certificate or revocation list that is watched, at one of its places.
package struct WatchedItem: Hashable, Sendable {
    package let object: WatchedObject
    package let registration: String
    /// The CA that ends it before its own end; nil where none does.
    package let earlyEnd: EarlyEnd?
    /// The revocation list that its verifier needs; nil where it needs none.
    package let revocationList: EarlyEnd?
    package let location: Location
    /// Since when it is missing there; nil when it is there.
    package let absentSince: Instant?
    /// Whether the registration has a use for it: no longer for a CA whose successor does all its work.
    package let isNeeded: Bool
}

/// A file that could not be read, or not in full, at the last pass.
package struct RememberedDefect: Hashable, Sendable {
    package let registration: String
    package let path: String
    package let defect: Defect
}

extension Ledger {
    /// Whether a notice `o` is a later reminder of what `n` tells.
    private static let isReminderInSQL: SQLText = """
        o.subject = n.subject AND o.kind = n.kind AND o.stage = n.stage AND o.episode = n.episode
            AND o.repetition > n.repetition
        """

    /// Hands over everything that is watched, the one that expires last first, so that the most urgent is read last.
    package func forEachWatched(_ body: @escaping @Sendable (WatchedItem) throws -> Void) async throws {
        try await engine.read { session in
            let columns = ObjectRows.columnCount
            try session.forEachRow(
                """
                SELECT \(ObjectRows.columns), s.kind, s.registration, o.path, o.position, o.absent_since,
                    j.expires_at, a.kind, a.fingerprint, a.subject, l.not_after, l.kind, l.fingerprint, l.subject,
                    j.successor
                FROM observations o JOIN sources s ON s.id = o.source_id JOIN certificates c ON c.fingerprint = o.fingerprint
                LEFT JOIN judgements j ON j.registration = s.registration AND j.fingerprint = o.fingerprint
                LEFT JOIN certificates a ON a.fingerprint = j.culprit
                LEFT JOIN certificates l ON l.fingerprint = j.list
                WHERE o.ended_at IS NULL
                ORDER BY coalesce(j.expires_at, c.not_after) DESC, o.path, o.position
                """, []
            ) { row in
                try body(
                    WatchedItem(
                        object: try ObjectRows.object(from: row), registration: row.text(columns + 1) ?? "",
                        earlyEnd: EarlyEnd(from: row, at: columns + 5),
                        revocationList: EarlyEnd(from: row, at: columns + 9),
                        location: LocationRow.location(from: row, at: columns),
                        absentSince: row.integer(columns + 4).map(Instant.init(seconds:)),
                        isNeeded: row.blob(columns + 13) == nil))
                return true
            }
        }
    }

    /// What verification holds against the certificates and lists that are watched now, by all registrations that see them.
    package func flaws() async throws -> [Fingerprint: [Judgement.Flaw]] {
        try await engine.read { try FlawReader(session: $0).flaws() }
    }

    /// The defects of the last pass.
    package func defects() async throws -> [RememberedDefect] {
        try await engine.read { session in
            try session.query(
                """
                SELECT s.registration, f.path, f.defect_reason, f.defect_message
                FROM files f JOIN sources s ON s.id = f.source_id WHERE f.defect_reason IS NOT NULL ORDER BY f.path
                """
            ) { row in
                RememberedDefect(
                    registration: row.text(0) ?? "", path: FilePath(bytes: row.blob(1) ?? []).description,
                    defect: Defect(
                        row.text(2).flatMap(Defect.Reason.init(rawValue:)) ?? .readFailed, row.text(3) ?? ""))
            }
        }
    }

    /// The findings that are true now.
    package func openFindings() async throws -> [Finding] {
        try await engine.read { session in
            try session.query(
                """
                SELECT registration, code, place, severity, message FROM findings WHERE closed_at IS NULL
                ORDER BY registration, code, place
                """
            ) { row in
                Finding(
                    registration: row.text(0) ?? "",
                    code: row.text(1).flatMap(FindingCode.init(rawValue:)) ?? .lostFromSight,
                    place: row.text(2) ?? "",
                    severity: row.text(3).flatMap(Severity.init(rawValue:)) ?? .critical, message: row.text(4) ?? "")
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

    /// What `receiver` was told and is still so, the oldest first: for receivers that have to be told again. Of a stage and
    /// its reminders the last one that it was told.
    package func openNotices(toldTo receiver: String, at now: Instant) async throws -> [NoticeFacts] {
        try await engine.read { session in
            let ids = try session.query(
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
            ) { $0.integer(0) ?? 0 }
            let reader = NoticeReader(session: session)
            return try ids.map { try reader.facts(of: $0, at: now) }
        }
    }
}
