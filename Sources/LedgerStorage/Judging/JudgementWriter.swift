import Certificates
import ExpiryRules

/// Writes what verification said of the certificates and lists of one registration, inside one transaction.
struct JudgementWriter {
    let session: any SQLSession
    let registration: String
    let plan: WatchPlan
    let now: Instant

    private var standing: StandingWriter { StandingWriter(session: session, plan: plan, now: now) }

    /// The verdict before.
    private struct Former: Equatable {
        let expiresAt: Int64?
    }

    func record(_ judgement: Judgement, context: [UInt8]) throws -> [Int64] {
        let key: [SQLValue] = [.text(registration), .blob(judgement.fingerprint.bytes)]
        let former = try session.first(
            "SELECT expires_at FROM judgements WHERE registration = $1 AND fingerprint = $2", key
        ) { Former(expiresAt: $0.integer(0)) }
        // Only another end makes another standing.
        let endsOtherwise = former?.expiresAt != judgement.earlyEnd?.expiry.seconds
        let expiryBefore =
            endsOtherwise ? try StandingReader(session: session).standing(of: judgement.fingerprint)?.expiry : nil
        try session.execute(
            """
            INSERT INTO judgements(registration, fingerprint, context, review_at, expires_at, culprit, list)
            VALUES($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT(registration, fingerprint) DO UPDATE SET
                context = $3, review_at = $4, expires_at = $5, culprit = $6, list = $7
            """,
            key + [
                .blob(context), SQLValue(judgement.reviewAt?.seconds), SQLValue(judgement.earlyEnd?.expiry.seconds),
                SQLValue(judgement.earlyEnd?.culprit.bytes), SQLValue(judgement.revocationList?.bytes),
            ])
        try session.execute("DELETE FROM needs WHERE registration = $1 AND fingerprint = $2", key)
        for needed in Set(judgement.authorities + [judgement.revocationList].compactMap(\.self)) {
            try session.execute(
                "INSERT INTO needs(registration, fingerprint, needed) VALUES($1, $2, $3)", key + [.blob(needed.bytes)])
        }
        // The same verdict once more changes no finding.
        let flawsChanged = try record(judgement.flaws, key)
        if former == nil || flawsChanged { try markUnreported() }
        guard let expiryBefore else { return [] }
        return try standing.reconsider(judgement.fingerprint, thoughtToEnd: expiryBefore)
    }

    /// A flaw that was there before keeps its row, so that only a new one is news.
    ///
    /// - Returns: whether anything differs.
    private func record(_ flaws: [Judgement.Flaw], _ key: [SQLValue]) throws -> Bool {
        // Duplicates are found by comparison, and not by whoever judged this one.
        let kept = flaws.map(\.code) + [.duplicateSerialNumber]
        var changes = try session.execute(
            """
            DELETE FROM flaws WHERE registration = $1 AND fingerprint = $2
                AND code NOT IN (\(SQLList.elements(of: "$3")))
            """, key + [.list(kept)])
        for flaw in flaws {
            changes += try session.execute(
                """
                INSERT INTO flaws(registration, fingerprint, code, message, is_news) VALUES($1, $2, $3, $4, 1)
                ON CONFLICT(registration, code, fingerprint) DO UPDATE SET message = $4 WHERE message <> $4
                """, key + [.text(flaw.code.rawValue), .text(flaw.message)])
        }
        return changes > 0
    }

    /// Also a run that dies before it has worked the findings out leaves them to the next one.
    private func markUnreported() throws {
        try session.execute(
            "INSERT INTO unreported(registration) VALUES($1) ON CONFLICT DO NOTHING", [.text(registration)])
    }

    /// Forgets the judgements on what no place of the registration shows any more.
    func forgetWhatIsGone() throws -> [Int64] {
        let gone = try session.query(
            """
            DELETE FROM judgements WHERE registration = $1 AND NOT EXISTS (
                SELECT 1 FROM observations o JOIN sources s ON s.id = o.source_id
                WHERE o.fingerprint = judgements.fingerprint AND s.registration = $1 AND o.ended_at IS NULL)
            RETURNING fingerprint
            """, [.text(registration)]
        ) { $0.blob(0).flatMap(Fingerprint.init(bytes:)) }
        for fingerprint in gone.compactMap(\.self) {
            let key: [SQLValue] = [.text(registration), .blob(fingerprint.bytes)]
            try session.execute("DELETE FROM needs WHERE registration = $1 AND fingerprint = $2", key)
            try session.execute("DELETE FROM flaws WHERE registration = $1 AND fingerprint = $2", key)
        }
        if !gone.isEmpty { try markUnreported() }
        return try gone.compactMap(\.self).flatMap(standing.reconsider)
    }
}
