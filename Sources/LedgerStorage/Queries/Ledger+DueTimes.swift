import Certificates

/// When time alone has something to decide, though nobody looks at anything: what a forecast steps through. Whatever
/// `decideDue` decides, `nextDecisionDue` foresees.
extension Ledger {
    /// When `decideDue` may have something to decide next; nil when it never has.
    package func nextDecisionDue() async throws -> Instant? {
        try await engine.read { session in
            try session.one("SELECT min(next_due) FROM certificates WHERE next_due IS NOT NULL") {
                $0.optionalInstant()
            } ?? nil
        }
    }

    /// The certificates and lists of which `decideDue` may have something to decide after `now`, the soonest first.
    ///
    /// - Parameters:
    ///   - now: what is due at this time or earlier is left out.
    ///   - limit: how many at most.
    /// - Returns: the names and times of what is due next.
    /// - Throws: `LedgerError`.
    package func nextDecisions(after now: Instant, limit: Int) async throws -> [NextDecision] {
        try await engine.read { try NextDecisionReader(session: $0).decisions(after: now, limit: limit) }
    }

    /// When the verdict on something that each of `registrations` watches may change; nothing of one where none does.
    package func nextReviewsDue(in registrations: [String]) async throws -> [String: Instant] {
        try await engine.read { session in
            var dueTimes: [String: Instant] = [:]
            for registration in registrations {
                dueTimes[registration] = try session.one(
                    """
                    SELECT review_at FROM judgements j WHERE registration = $1 AND review_at IS NOT NULL AND EXISTS (
                        SELECT 1 FROM observations o CROSS JOIN sources s ON s.id = o.source_id
                        WHERE o.fingerprint = j.fingerprint AND s.registration = $1 AND o.ended_at IS NULL
                            AND EXISTS (SELECT 1 FROM encodings e WHERE e.fingerprint = o.fingerprint))
                    ORDER BY review_at LIMIT 1
                    """, [.text(registration)]
                ) { try $0.instant() }
            }
            return dueTimes
        }
    }

    /// The facts of notices by what they are; nothing of those that there are not.
    package func notices(
        of identities: some Sequence<NoticeIdentity> & Sendable, at now: Instant
    ) async throws -> [NoticeIdentity: NoticeFacts] {
        try await engine.read { session in
            let reader = NoticeReader(session: session)
            var facts: [NoticeIdentity: NoticeFacts] = [:]
            for identity in identities {
                facts[identity] = try Self.id(of: identity, in: session).map { try reader.facts(of: $0, at: now) }
            }
            return facts
        }
    }

    private static func id(of identity: NoticeIdentity, in session: any SQLSession) throws -> Int64? {
        try session.one(
            """
            SELECT id FROM notices
            WHERE subject = $1 AND kind = $2 AND stage = $3 AND episode = $4 AND repetition = $5
            """,
            [
                .text(identity.subject), .text(identity.kind.rawValue), .integer(identity.stage),
                .integer(identity.episode), .integer(identity.repetition),
            ]
        ) { try $0.integer() }
    }

    /// Those of these notices that are meant for no receiver.
    package func unaddressed(among noticeIDs: [Int64]) async throws -> [Int64] {
        try await engine.read { session in
            let addressed = Set(
                try session.all(
                    "SELECT DISTINCT notice_id FROM deliveries WHERE notice_id IN (\(SQLList.elements(of: "$1")))",
                    [.list(noticeIDs)]
                ) { try $0.integer() })
            return noticeIDs.filter { !addressed.contains($0) }
        }
    }
}
