import Certificates
import ExpiryRules

extension Ledger {
    /// Counts what ends in each of the next weeks.
    ///
    /// - Parameters:
    ///   - now: the beginning of the first week.
    ///   - weeks: the number of weeks.
    /// - Returns: the counts, and the CAs that end within the weeks.
    /// - Throws: `LedgerError`.
    package func expiryCounts(after now: Instant, weeks: Int) async throws -> ExpiryCounts {
        try await engine.read { try ExpiryCountReader(session: $0, now: now, weeks: weeks).counts() }
    }
}

/// Counts by the index of own ends alone, and then moves what ends early.
private struct ExpiryCountReader {
    private static let week: Int64 = 7 * 86_400

    let session: any SQLSession
    let now: Instant
    let weeks: Int

    private var horizon: Int64 { now.seconds + Int64(weeks) * Self.week }

    func counts() throws -> ExpiryCounts {
        var counts = ExpiryCounts(beginning: now, weeks: Array(repeating: ExpiryCounts.Week(), count: weeks))
        counts.total =
            try session.one("SELECT count(*) FROM certificates WHERE ended_at IS NULL") { try $0.count() } ?? 0
        let own = try session.all(Self.ownEnds, [.integer(now.seconds), .integer(horizon)]) { row in
            (week: Int(try row.integer()), kind: try Self.kind(from: &row), count: try row.count())
        }
        let unreadable = try session.all(
            """
            SELECT c.is_ca, c.kind, count(*) FROM certificates c WHERE c.ended_at IS NULL AND c.not_after IS NULL
            GROUP BY c.is_ca, c.kind
            """
        ) { row in (kind: try Self.kind(from: &row), count: try row.count()) }
        for group in own { add(group.count, of: group.kind, in: group.week, to: &counts) }
        for group in unreadable { add(group.count, of: group.kind, in: -1, to: &counts) }
        let early = try session.all(Self.earlyEnds, [.integer(now.seconds), .integer(horizon)]) { row in
            (
                to: Int(try row.integer()), from: Int(try row.integer()), kind: try Self.kind(from: &row),
                count: try row.count()
            )
        }
        for group in early where group.to != group.from {
            add(group.count, of: group.kind, in: group.to, to: &counts)
            add(-group.count, of: group.kind, in: group.from, to: &counts)
        }
        counts.authorities = try authorities()
        return counts
    }

    private func add(_ count: Int, of kind: ExpiryCounts.Kind, in week: Int, to counts: inout ExpiryCounts) {
        if week < 0 {
            counts.overdue.counts[kind, default: 0] += count
        } else if week < weeks {
            counts.weeks[week].counts[kind, default: 0] += count
        }
    }

    private static func kind(from row: inout RowReader) throws -> ExpiryCounts.Kind {
        let (isAuthority, kind) = (try row.flag(), try row.value(WatchedObject.Kind.self))
        return switch kind {
        case .revocationList: .revocationList
        case .certificate: isAuthority ? .authority : .certificate
        }
    }

    /// -1 is the time before the first week; 9999 that after the last one.
    private static func weekInSQL(of end: SQLText) -> SQLText {
        "CASE WHEN coalesce(\(end), 0) < $1 THEN -1 WHEN \(end) >= $2 THEN 9999 ELSE (\(end) - $1) / 604800 END"
    }

    private static let ownEnds: SQLText = """
        SELECT \(weekInSQL(of: "c.not_after")) AS week, c.is_ca, c.kind, count(*)
        FROM certificates c
        WHERE c.ended_at IS NULL AND c.not_after < $2 GROUP BY week, c.is_ca, c.kind
        """

    private static let earlyEnds: SQLText = """
        SELECT \(weekInSQL(of: "e.expiry")) AS early, \(weekInSQL(of: "c.not_after")) AS own,
            c.is_ca, c.kind, count(*)
        FROM (SELECT j.certificate_id AS id, min(j.expires_at) AS expiry FROM judgements j
            WHERE j.expires_at IS NOT NULL AND j.successor IS NULL AND j.expires_at < $2 GROUP BY j.certificate_id) e
        CROSS JOIN certificates c
        WHERE c.id = e.id AND c.ended_at IS NULL GROUP BY early, own, c.is_ca, c.kind
        """

    /// `+` makes SQLite search the index of CAs, which are few, and not that of all ends.
    private func authorities() throws -> [ExpiryCounts.NamedEnd] {
        try session.all(
            """
            SELECT c.fingerprint, c.not_after, \(ObjectRows.nameColumns) FROM certificates c
            WHERE c.is_ca = 1 AND c.ended_at IS NULL AND +c.not_after >= $1 AND +c.not_after < $2
            ORDER BY c.not_after, c.fingerprint LIMIT $3
            """, [.integer(now.seconds), .integer(horizon), SQLValue(ExpiryCounts.authorityLimit)]
        ) { row in
            let (fingerprint, end) = (try row.fingerprint(), try row.instant())
            return ExpiryCounts.NamedEnd(fingerprint: fingerprint, name: try row.objectName(), end: end)
        }
    }
}
