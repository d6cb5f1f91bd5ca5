import Certificates
import ExpiryRules

/// Findings as rows, and what is to be told of them.
struct FindingRows {
    let session: any SQLSession
    let now: Instant

    /// Records that `finding` is true now.
    ///
    /// - Returns: what is to be told, if it was not true before.
    func open(_ finding: Finding) throws -> NoticeDraft {
        let key: [SQLValue] = [
            .text(finding.registration), .text(finding.code.rawValue), .text(finding.place),
        ]
        let episode = try session.first(
            """
            INSERT INTO findings(registration, code, place, severity, message, first_seen, last_seen, episode)
            VALUES($1, $2, $3, $4, $5, $6, $6, 0)
            ON CONFLICT(registration, code, place) DO UPDATE SET
                episode = CASE WHEN findings.closed_at IS NULL THEN findings.episode ELSE findings.episode + 1 END,
                first_seen = CASE WHEN findings.closed_at IS NULL THEN findings.first_seen ELSE $6 END,
                severity = $4, message = $5, last_seen = $6, closed_at = NULL
            RETURNING episode
            """, key + [.text(finding.severity.rawValue), .text(finding.message), .integer(now.seconds)]
        ) { $0.integer(0) ?? 0 }
        try ResolutionWriter(session: session, now: now)
            .withdrawEnds(of: Self.subject(of: finding), before: episode ?? 0)
        return NoticeDraft(
            subject: Self.subject(of: finding), kind: .finding, stage: nil, episode: episode ?? 0,
            registration: finding.registration, fingerprint: nil, severity: finding.severity,
            message: finding.message, occurredAt: now, usefulUntil: NoticeDraft.whileItIsTrue)
    }

    /// Begins a new episode of a finding that is open, if it is: what was told of it is superseded.
    func beginAnew(_ finding: Finding) throws {
        let episode = try session.first(
            """
            UPDATE findings SET episode = episode + 1, first_seen = $1
            WHERE registration = $2 AND code = $3 AND place = $4 AND closed_at IS NULL RETURNING episode
            """,
            [
                .integer(now.seconds), .text(finding.registration), .text(finding.code.rawValue),
                .text(finding.place),
            ]
        ) { $0.integer(0) ?? 0 }
        guard let episode else { return }
        let subject = Self.subject(of: finding)
        try session.execute(
            "UPDATE notices SET state = 'superseded' WHERE subject = $1 AND episode = $2 AND state = 'open'",
            [.text(subject.text), .integer(episode - 1)])
        try OutboxWriter(session: session, now: now).settleIrrelevant(subject: subject, episode: episode - 1)
    }

    /// Records that a finding is true no longer, if it ever was.
    ///
    /// - Returns: the ids of the notices that tell so.
    func close(registration: String, code: FindingCode, place: String) throws -> [Int64] {
        let episode = try session.first(
            """
            UPDATE findings SET closed_at = $1
            WHERE registration = $2 AND code = $3 AND place = $4 AND closed_at IS NULL RETURNING episode
            """, [.integer(now.seconds), .text(registration), .text(code.rawValue), .text(place)]
        ) { $0.integer(0) ?? 0 }
        guard let episode else { return [] }
        let ending = SubjectEnding(
            subject: .finding(registration: registration, code: code, place: place), episode: episode,
            because: .recovered, successor: nil)
        return try ResolutionWriter(session: session, now: now).end(ending)
    }

    private static func subject(of finding: Finding) -> NoticeSubject {
        .finding(registration: finding.registration, code: finding.code, place: finding.place)
    }
}
