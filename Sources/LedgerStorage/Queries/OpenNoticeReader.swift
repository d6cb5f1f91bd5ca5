import Certificates
import ExpiryRules

extension Ledger {
    /// The open notices, the critical ones first, and of each severity the newest first.
    ///
    /// - Parameter limit: how many at most. The counts are of all.
    /// - Returns: the notices with the states of their deliveries.
    /// - Throws: `LedgerError`.
    package func openNotices(limit: Int) async throws -> OpenNotices {
        try await engine.read { try OpenNoticeReader(session: $0).notices(limit: limit) }
    }
}

/// Reads open notices by their index.
private struct OpenNoticeReader {
    let session: any SQLSession

    func notices(limit: Int) throws -> OpenNotices {
        let counts = try session.all(
            "SELECT severity, count(*) FROM notices WHERE \(OpenNotice.isOpenInSQL) GROUP BY severity"
        ) { (try $0.value(Severity.self), try $0.count()) }
        var notices: [OpenNotice] = []
        for severity in [Severity.critical, .warning] where notices.count < limit {
            notices += try self.notices(of: severity, limit: limit - notices.count)
        }
        let tellings = try tellings(of: notices.map(\.id))
        for index in notices.indices { notices[index].tellings = tellings[notices[index].id] ?? [] }
        return OpenNotices(counts: Dictionary(counts, uniquingKeysWith: +), notices: notices)
    }

    private func notices(of severity: Severity, limit: Int) throws -> [OpenNotice] {
        try session.all(
            """
            SELECT n.id, n.subject, n.kind, n.stage, n.registration, n.fingerprint, n.message, n.facts, n.observed_at,
                coalesce((SELECT min(j.expires_at) FROM judgements j
                    WHERE j.certificate_id = c.id AND j.successor IS NULL), c.not_after), \(ObjectRows.nameColumns)
            FROM notices n LEFT JOIN certificates c ON c.fingerprint = n.fingerprint
            WHERE n.state = 'open' AND n.kind IN ('expiring', 'expired', 'finding') AND n.severity = $1
            ORDER BY n.observed_at DESC LIMIT $2
            """, [.text(severity.rawValue), SQLValue(limit)]
        ) { row in
            let (id, subject) = (try row.integer(), try row.subject())
            let (kind, stage) = (try row.value(NoticeKind.self), try row.integer())
            let (registration, fingerprint) = (try row.text(), try row.optionalFingerprint())
            let (finding, observedAt, expiry) = (
                try row.optionalFindingFacts(), try row.instant(), row.optionalInstant()
            )
            return OpenNotice(
                id: id, subject: subject, kind: kind, stage: stage >= 0 ? Stage(secondsBefore: stage) : nil,
                registration: registration, fingerprint: fingerprint, name: try row.optionalObjectName(),
                severity: severity, finding: finding, observedAt: observedAt, expiry: expiry)
        }
    }

    private func tellings(of notices: [Int64]) throws -> [Int64: [OpenNotice.Telling]] {
        let rows = try session.all(
            """
            SELECT notice_id, receiver, state, settled_at, held_by IS NOT NULL FROM deliveries
            WHERE notice_id IN (\(SQLList.elements(of: "$1"))) ORDER BY notice_id, receiver
            """, [.list(notices)]
        ) { row in
            let id = try row.integer()
            let telling = OpenNotice.Telling(
                receiver: try row.text(), state: try row.value(), settledAt: row.optionalInstant(),
                isSilenced: try row.flag())
            return (id, telling)
        }
        return Dictionary(grouping: rows, by: \.0).mapValues { $0.map(\.1) }
    }
}
