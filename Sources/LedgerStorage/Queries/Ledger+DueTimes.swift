import Certificates

/// The next times at which time alone causes a decision, for forecasts. `nextDecisionDue` covers all that `decideDue`
/// decides.
extension Ledger {
    /// When `decideDue` may have something to decide next; nil for never.
    package func nextDecisionDue() async throws -> Instant? {
        try await engine.read { session in
            try session.one("SELECT min(next_due) FROM certificates WHERE next_due IS NOT NULL") {
                $0.optionalInstant()
            } ?? nil
        }
    }

    /// The certificates and lists for which `decideDue` has something to decide after `now`, the soonest first.
    ///
    /// - Parameters:
    ///   - now: what is due at this time or earlier is left out.
    ///   - limit: how many at most.
    /// - Returns: the names and times of what is due next.
    /// - Throws: `LedgerError`.
    package func nextDecisions(after now: Instant, limit: Int) async throws -> [NextDecision] {
        try await engine.read { try NextDecisionReader(session: $0).decisions(after: now, limit: limit) }
    }

    /// When a verdict of each of `registrations` may change next. A registration without such a time is left out.
    package func nextReviewsDue(in registrations: [String]) async throws -> [String: Instant] {
        try await engine.read { session in
            var dueTimes: [String: Instant] = [:]
            for registration in registrations {
                dueTimes[registration] = try session.one(
                    """
                    SELECT review_at FROM judgements j WHERE registration = $1 AND review_at IS NOT NULL AND EXISTS (
                        SELECT 1 FROM observations o CROSS JOIN sources s ON s.id = o.source_id
                        WHERE o.certificate_id = j.certificate_id AND s.registration = $1 AND o.ended_at IS NULL
                            AND EXISTS (SELECT 1 FROM encodings e WHERE e.certificate_id = o.certificate_id))
                    ORDER BY review_at LIMIT 1
                    """, [.text(registration)]
                ) { try $0.instant() }
            }
            return dueTimes
        }
    }

    /// The facts of the notices with these identities. An identity without a notice is left out.
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
                .text(identity.subject.text), .text(identity.kind.rawValue), .integer(identity.stage),
                .integer(identity.episode), .integer(identity.repetition),
            ]
        ) { try $0.integer() }
    }

    /// The notices among these that have no receiver.
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
