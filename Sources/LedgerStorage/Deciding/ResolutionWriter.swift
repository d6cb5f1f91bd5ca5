import Certificates
import ExpiryRules

/// Ends what was told: cancels what is still in the outbox, and tells the end to exactly those who were told.
struct ResolutionWriter {
    let session: any SQLSession
    let now: Instant

    /// Ends a subject's notices of one episode.
    ///
    /// - Returns: the ids of the notices that tell of the end.
    func end(_ ending: SubjectEnding) throws -> [Int64] {
        // Also of what was superseded, by a stage or, in an earlier episode, by what a finding has become: it may be on its
        // way just now, and then the end has to be told after it.
        try session.execute(
            """
            UPDATE notices SET ended_because = $1, successor = $2,
                state = CASE state WHEN 'open' THEN 'ended' ELSE state END
            WHERE subject = $3 AND (episode = $4 OR (
                episode < $4 AND kind = 'finding' AND state = 'superseded' AND ended_because IS NULL))
            """,
            [
                .text(ending.because.rawValue), SQLValue(ending.successor?.bytes), .text(ending.subject.text),
                .integer(ending.episode),
            ])
        try OutboxWriter(session: session, now: now)
            .settleIrrelevant(subject: ending.subject, episode: ending.episode)
        return try tellEnd(ending)
    }

    /// Tells the end to each receiver that was told, or may have been, in this episode or in one whose end it has not heard,
    /// and to which nothing is being sent just now: a receiver's last word must be the end. Called again when such a
    /// sending is settled.
    func tellEnd(_ ending: SubjectEnding) throws -> [Int64] {
        guard let resolution = ending.because.resolution else { return [] }
        let told = try receiversToldAndIdle(ending)
        guard !told.isEmpty else { return [] }
        let (id, isNew) = try resolutionNotice(resolution, ending)
        try OutboxWriter(session: session, now: now)
            .enqueue(noticeID: id, to: told.map { Addressee(receiver: $0, namedBy: "what it was told before") })
        return isNew ? [id] : []
    }

    /// Of something that is back, the end of what was before is told no more: it would be taken for the end of what is now.
    func withdrawEnds(of subject: NoticeSubject, before episode: Int64) throws {
        let withdrawn = try session.query(
            """
            UPDATE notices SET state = 'ended', ended_because = 'reopened'
            WHERE subject = $1 AND episode < $2 AND state = 'open' AND kind IN (\(NoticeKind.resolutionsInSQL)) RETURNING episode
            """, [.text(subject.text), .integer(episode)]
        ) { $0.integer(0) ?? 0 }
        for episode in withdrawn {
            try OutboxWriter(session: session, now: now).settleIrrelevant(subject: subject, episode: episode)
        }
    }

    /// Opens a subject's notices again that ended because it was registered no longer, and their deliveries with them.
    func undoUnregistering(_ subject: NoticeSubject, episode: Int64) throws {
        let opened = try session.query(
            """
            UPDATE notices SET state = CASE state WHEN 'ended' THEN 'open' ELSE state END, ended_because = NULL
            WHERE subject = $1 AND episode = $2 AND ended_because = 'unregistered' RETURNING id, state
            """, [.text(subject.text), .integer(episode)]
        ) { row in row.text(1) == NoticeState.open.rawValue ? row.integer(0) : nil }.compactMap(\.self)
        let outbox = OutboxWriter(session: session, now: now)
        for id in opened { try outbox.revive(noticeID: id) }
    }

    private func receiversToldAndIdle(_ ending: SubjectEnding) throws -> [String] {
        try session.query(
            """
            SELECT d.receiver FROM deliveries d JOIN notices n ON n.id = d.notice_id
            WHERE n.subject = $1 AND n.episode <= $2 AND n.kind IN ('expiring', 'expired', 'finding')
                AND d.receiver IN (SELECT name FROM receivers)
            GROUP BY d.receiver
            HAVING max(CASE WHEN (d.state = 'delivered' OR d.maybe_seen = 1) AND NOT EXISTS (
                    SELECT 1 FROM notices e JOIN deliveries r ON r.notice_id = e.id AND r.receiver = d.receiver
                    WHERE e.subject = n.subject AND e.stage = -1 AND e.episode >= n.episode
                        AND e.kind IN (\(NoticeKind.resolutionsInSQL))
                        AND (r.state = 'delivered' OR r.\(DeliveryState.isOpenInSQL)))
                THEN 1 ELSE 0 END) = 1
                AND max(CASE WHEN d.state = 'sending' THEN 1 ELSE 0 END) = 0
            ORDER BY d.receiver
            """, [.text(ending.subject.text), .integer(ending.episode)]
        ) { $0.text(0) ?? "" }
    }

    /// In an episode in which nothing was told, it ends what was told in an earlier one.
    private func resolutionNotice(
        _ kind: NoticeKind, _ ending: SubjectEnding
    ) throws -> (id: Int64, isNew: Bool) {
        let inserted = try session.first(
            """
            INSERT INTO notices(subject, kind, stage, episode, state, registration, fingerprint, severity, message,
                occurred_at, observed_at, missed, successor, useful_until)
            SELECT subject, $1, -1, $6, 'open', registration, fingerprint, severity, message, $2, $2, '', $3,
                CASE WHEN kind <> 'finding' AND useful_until > $4 THEN useful_until ELSE $4 END
            FROM notices WHERE subject = $5 AND episode <= $6 AND kind IN ('expiring', 'expired', 'finding')
            ORDER BY episode DESC, stage DESC LIMIT 1
            ON CONFLICT DO NOTHING RETURNING id
            """,
            [
                .text(kind.rawValue), .integer(now.seconds), SQLValue(ending.successor?.bytes),
                .integer((now + NoticeDraft.usefulness).seconds), .text(ending.subject.text), .integer(ending.episode),
            ]
        ) { $0.integer(0) ?? 0 }
        if let inserted { return (inserted, true) }
        let existing = try session.first(
            "SELECT id FROM notices WHERE subject = $1 AND kind = $2 AND episode = $3",
            [.text(ending.subject.text), .text(kind.rawValue), .integer(ending.episode)]
        ) { $0.integer(0) ?? 0 }
        guard let existing else { throw LedgerDamage("an end without a beginning") }
        return (existing, false)
    }
}
