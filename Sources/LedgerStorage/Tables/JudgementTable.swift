import Certificates

/// The only writer of `judgements`: the verdicts on certificates and lists, for each registration.
struct JudgementTable {
    let session: any SQLSession

    /// A verdict that was recorded before.
    struct Former {
        let expiresAt: Instant?
    }

    /// A verdict with the ids of what it names.
    struct Row {
        let certificateID: Int64
        let reviewAt: Instant?
        let expiresAt: Instant?
        let culpritID: Int64?
        let listID: Int64?
    }

    /// The stored verdicts of a registration on these.
    func former(_ ids: some Sequence<Int64>, in registration: String) throws -> [Int64: Former] {
        let found = try session.all(
            """
            SELECT j.certificate_id, j.expires_at FROM (\(SQLList.elements(of: "$2"))) c
            CROSS JOIN judgements j ON j.registration = $1 AND j.certificate_id = c.value
            """, [.text(registration), .list(ids)]
        ) { (try $0.integer(), Former(expiresAt: $0.optionalInstant())) }
        return Dictionary(found, uniquingKeysWith: { first, _ in first })
    }

    private static let store = SQLBulk(columns: 7) { rows in
        """
        INSERT INTO judgements(registration, certificate_id, context, review_at, expires_at, culprit_id, list_id)
        VALUES \(rows)
        ON CONFLICT(registration, certificate_id) DO UPDATE SET context = excluded.context,
            review_at = excluded.review_at, expires_at = excluded.expires_at, culprit_id = excluded.culprit_id,
            list_id = excluded.list_id
        """
    }

    /// Records verdicts.
    func store(_ rows: [Row], in registration: String, context: [UInt8]) throws {
        try session.executeAll(
            Self.store,
            rows.map { row in
                [
                    .text(registration), .integer(row.certificateID), .blob(context), SQLValue(row.reviewAt?.seconds),
                    SQLValue(row.expiresAt?.seconds), SQLValue(row.culpritID), SQLValue(row.listID),
                ]
            })
    }

    /// Records the CA that has replaced another one; nil for none.
    func setSuccessor(_ successor: Fingerprint?, of fingerprint: Fingerprint, in registration: String) throws {
        try session.execute(
            """
            UPDATE judgements SET successor = $1
            WHERE registration = $2 AND certificate_id = \(CertificateID.inSQL(of: "$3"))
            """,
            [SQLValue(successor?.bytes), .text(registration), .blob(fingerprint.bytes)])
    }

    /// Makes all verdicts due for review, since the clock was set back.
    func reviewAll(at now: Instant) throws {
        try session.execute("UPDATE judgements SET review_at = $1", [.integer(now.seconds)])
    }

    /// Deletes the verdicts on certificates and lists that no place of the registration shows any more.
    ///
    /// - Returns: their ids and fingerprints.
    func forgetWhatIsGone(from registration: String) throws -> [(id: Int64, fingerprint: Fingerprint)] {
        try session.all(
            """
            DELETE FROM judgements WHERE registration = $1 AND NOT EXISTS (
                SELECT 1 FROM observations o JOIN sources s ON s.id = o.source_id
                WHERE o.certificate_id = judgements.certificate_id AND s.registration = $1 AND o.ended_at IS NULL)
            RETURNING certificate_id, (SELECT c.fingerprint FROM certificates c WHERE c.id = certificate_id)
            """, [.text(registration)]
        ) { (try $0.integer(), try $0.fingerprint()) }
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
    func forget(_ ids: [Int64]) throws {
        try session.execute(
            "DELETE FROM judgements WHERE certificate_id IN (\(SQLList.elements(of: "$1")))", [.list(ids)])
    }
}

extension SQLSession {
    /// The table `judgements`.
    var judgements: JudgementTable { JudgementTable(session: self) }
}
