import Certificates

/// The only writer of `judgements`: the verdicts on certificates and lists, for each registration.
struct JudgementTable {
    let session: any SQLSession

    /// A verdict that was recorded before.
    struct Former {
        let expiresAt: Instant?
    }

    /// The stored verdicts of a registration on these.
    func former(_ fingerprints: [Fingerprint], in registration: String) throws -> [Fingerprint: Former] {
        let found = try session.all(
            """
            SELECT j.fingerprint, j.expires_at FROM (\(SQLList.fingerprints(of: "$2"))) f
            CROSS JOIN judgements j ON j.registration = $1 AND j.fingerprint = f.fingerprint
            """, [.text(registration), .list(fingerprints)]
        ) { (try $0.fingerprint(), Former(expiresAt: $0.optionalInstant())) }
        return Dictionary(found, uniquingKeysWith: { first, _ in first })
    }

    private static let store = SQLBulk(columns: 7) { rows in
        """
        INSERT INTO judgements(registration, fingerprint, context, review_at, expires_at, culprit, list) VALUES \(rows)
        ON CONFLICT(registration, fingerprint) DO UPDATE SET context = excluded.context, review_at = excluded.review_at,
            expires_at = excluded.expires_at, culprit = excluded.culprit, list = excluded.list
        """
    }

    /// Records verdicts.
    func store(_ judgements: [Judgement], in registration: String, context: [UInt8]) throws {
        try session.executeAll(
            Self.store,
            judgements.map { judgement in
                [
                    .text(registration), .blob(judgement.fingerprint.bytes), .blob(context),
                    SQLValue(judgement.reviewAt?.seconds), SQLValue(judgement.earlyEnd?.expiry.seconds),
                    SQLValue(judgement.earlyEnd?.culprit.bytes), SQLValue(judgement.revocationList?.bytes),
                ]
            })
    }

    /// Records the CA that has replaced another one; nil for none.
    func setSuccessor(_ successor: Fingerprint?, of fingerprint: Fingerprint, in registration: String) throws {
        try session.execute(
            "UPDATE judgements SET successor = $1 WHERE registration = $2 AND fingerprint = $3",
            [SQLValue(successor?.bytes), .text(registration), .blob(fingerprint.bytes)])
    }

    /// Makes all verdicts due for review, since the clock was set back.
    func reviewAll(at now: Instant) throws {
        try session.execute("UPDATE judgements SET review_at = $1", [.integer(now.seconds)])
    }

    /// Deletes the verdicts on certificates and lists that no place of the registration shows any more.
    ///
    /// - Returns: their fingerprints.
    func forgetWhatIsGone(from registration: String) throws -> [Fingerprint] {
        try session.all(
            """
            DELETE FROM judgements WHERE registration = $1 AND NOT EXISTS (
                SELECT 1 FROM observations o JOIN sources s ON s.id = o.source_id
                WHERE o.fingerprint = judgements.fingerprint AND s.registration = $1 AND o.ended_at IS NULL)
            RETURNING fingerprint
            """, [.text(registration)]
        ) { try $0.fingerprint() }
    }

    /// The registrations that have verdicts.
    func registrations() throws -> [String] {
        try session.all("SELECT DISTINCT registration FROM judgements") { try $0.text() }
    }

    /// Deletes all verdicts of a registration.
    func forgetAll(of registration: String) throws {
        try session.execute("DELETE FROM judgements WHERE registration = $1", [.text(registration)])
    }

    /// Deletes all verdicts on these.
    func forget(_ fingerprints: [Fingerprint]) throws {
        try session.execute(
            "DELETE FROM judgements WHERE fingerprint IN (\(SQLList.fingerprints(of: "$1")))", [.list(fingerprints)])
    }
}

extension SQLSession {
    /// The table `judgements`.
    var judgements: JudgementTable { JudgementTable(session: self) }
}
