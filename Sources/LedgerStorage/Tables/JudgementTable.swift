import Certificates

/// The only writer of `judgements`: what verification said of a certificate or list for one registration.
struct JudgementTable {
    let session: any SQLSession

    /// A verdict that was recorded before.
    struct Former {
        let expiresAt: Instant?
    }

    /// The verdict that a registration had on something; nil where it had none.
    func former(_ fingerprint: Fingerprint, in registration: String) throws -> Former? {
        try session.one(
            "SELECT expires_at FROM judgements WHERE registration = $1 AND fingerprint = $2",
            [.text(registration), .blob(fingerprint.bytes)]
        ) { Former(expiresAt: $0.optionalInstant()) }
    }

    /// Records a verdict.
    func store(_ judgement: Judgement, in registration: String, context: [UInt8]) throws {
        try session.execute(
            """
            INSERT INTO judgements(registration, fingerprint, context, review_at, expires_at, culprit, list)
            VALUES($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT(registration, fingerprint) DO UPDATE SET
                context = $3, review_at = $4, expires_at = $5, culprit = $6, list = $7
            """,
            [
                .text(registration), .blob(judgement.fingerprint.bytes), .blob(context),
                SQLValue(judgement.reviewAt?.seconds), SQLValue(judgement.earlyEnd?.expiry.seconds),
                SQLValue(judgement.earlyEnd?.culprit.bytes), SQLValue(judgement.revocationList?.bytes),
            ])
    }

    /// Records which CA does the work of another one; nil: none does.
    func setSuccessor(_ successor: Fingerprint?, of fingerprint: Fingerprint, in registration: String) throws {
        try session.execute(
            "UPDATE judgements SET successor = $1 WHERE registration = $2 AND fingerprint = $3",
            [SQLValue(successor?.bytes), .text(registration), .blob(fingerprint.bytes)])
    }

    /// Makes all verdicts due for review: the clock was set back.
    func reviewAll(at now: Instant) throws {
        try session.execute("UPDATE judgements SET review_at = $1", [.integer(now.seconds)])
    }

    /// Forgets the verdicts on what no place of the registration shows any more.
    ///
    /// - Returns: what that was.
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

    /// Forgets all verdicts of a registration.
    func forgetAll(of registration: String) throws {
        try session.execute("DELETE FROM judgements WHERE registration = $1", [.text(registration)])
    }

    /// Forgets all verdicts on these.
    func forget(_ fingerprints: [Fingerprint]) throws {
        try session.execute(
            "DELETE FROM judgements WHERE fingerprint IN (\(SQLList.fingerprints(of: "$1")))", [.list(fingerprints)])
    }
}

extension SQLSession {
    /// The table `judgements`.
    var judgements: JudgementTable { JudgementTable(session: self) }
}
