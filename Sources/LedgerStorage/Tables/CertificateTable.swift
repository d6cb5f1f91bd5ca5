import Certificates
import ExpiryRules

/// The only writer of `certificates`: the facts and the state of certificates and revocation lists.
struct CertificateTable {
    let session: any SQLSession

    private static let insert = SQLBulk(columns: 18) { rows in
        """
        INSERT INTO certificates(fingerprint, kind, subject, issuer, serial_number, not_before, not_after,
            signature_algorithm, is_ca, public_key, subject_alternative_names, lineage_names, lineage_public_key,
            delta_base, authority_key_identifier, revoked_count, first_seen, next_due)
        VALUES \(rows) ON CONFLICT DO NOTHING RETURNING id, fingerprint
        """
    }

    /// Inserts certificates and lists, each with the time of its next decision. Known ones are not changed.
    ///
    /// - Returns: the ids of the new ones.
    func insert(_ objects: [(WatchedObject, nextDue: Instant?)], at now: Instant) throws -> [Fingerprint: Int64] {
        try complete(objects.map(\.0))
        let rows = objects.map { Self.values(of: $0) + [.integer(now.seconds), SQLValue($1?.seconds)] }
        return try insert(rows)
    }

    private func insert(_ rows: [[SQLValue]]) throws -> [Fingerprint: Int64] {
        let inserted = try session.all(Self.insert, rows) { row in
            let id = try row.integer()
            return (try row.fingerprint(), id)
        }
        return Dictionary(inserted, uniquingKeysWith: { first, _ in first })
    }

    /// Inserts certificates that edges described. Known ones are not changed.
    ///
    /// - Returns: the ids of the new ones.
    func insert(described certificates: [(Certificate, nextDue: Instant?)], at now: Instant) throws -> [Fingerprint:
        Int64]
    {
        let rows = certificates.map { certificate, nextDue in
            Self.values(of: .certificate(certificate)) + [.integer(now.seconds), SQLValue(nextDue?.seconds)]
        }
        let new = try insert(rows)
        try session.execute(
            "UPDATE certificates SET is_described = 1 WHERE id IN (\(SQLList.elements(of: "$1")))", [.list(new.values)])
        return new
    }

    /// The only certificate with this subject, notAfter and, if it is reported, serial number that is watched and was
    /// read itself; nil without one, or with several.
    func onlyOne(describedBy certificate: Certificate) throws -> Fingerprint? {
        guard let notAfter = certificate.validity.notAfter else { return nil }
        let found = try session.all(
            """
            SELECT fingerprint FROM certificates
            WHERE not_after = $1 AND subject = $2 AND (length($3) = 0 OR serial_number = $3)
                AND kind = 'certificate' AND is_described = 0 AND ended_at IS NULL LIMIT 2
            """,
            [.integer(notAfter.seconds), .text(certificate.subject), .blob(certificate.serialNumber.octets)]
        ) { try $0.fingerprint() }
        return found.count == 1 ? found.first : nil
    }

    /// Replaces the descriptions of certificates that are read now.
    private func complete(_ objects: [WatchedObject]) throws {
        guard try session.exists("SELECT 1 FROM certificates WHERE is_described = 1 LIMIT 1") else { return }
        for certificate in objects.compactMap(\.certificate) {
            try session.execute(
                """
                UPDATE certificates SET subject = $2, issuer = $3, serial_number = $4, not_before = $5, not_after = $6,
                    signature_algorithm = $7, is_ca = $8, public_key = $9, subject_alternative_names = $10,
                    lineage_names = $11, lineage_public_key = $12, is_described = 0
                WHERE fingerprint = $1 AND is_described = 1
                """, [.blob(certificate.fingerprint.bytes)] + Self.facts(of: certificate))
        }
    }

    private static let setNextDue = SQLBulk(columns: 2) { rows in
        """
        WITH due(fingerprint, at) AS (VALUES \(rows))
        UPDATE certificates SET next_due = due.at FROM due WHERE certificates.fingerprint = due.fingerprint
        """
    }

    /// Stores the time of each next decision; nil for never.
    func setNextDue(_ dueTimes: [(Fingerprint, next: Instant?)]) throws {
        try session.executeAll(
            Self.setNextDue, dueTimes.map { [.blob($0.bytes), SQLValue($1?.seconds)] })
    }

    /// Stores the time of the next decision on one; nil for never.
    func setNextDue(_ next: Instant?, of fingerprint: Fingerprint) throws {
        try setNextDue([(fingerprint, next)])
    }

    /// Makes decisions on all watched certificates and lists due now, since the thresholds have changed.
    func makeAllDue(at now: Instant) throws {
        try session.execute(
            "UPDATE certificates SET next_due = $1 WHERE ended_at IS NULL AND not_after IS NOT NULL",
            [.integer(now.seconds)])
    }

    /// Records that a certificate or list is no longer watched.
    func end(_ fingerprint: Fingerprint, because reason: EndReason, successor: Fingerprint?, at now: Instant) throws {
        try session.execute(
            """
            UPDATE certificates SET ended_at = $1, ended_because = $2, successor = $3, next_due = NULL
            WHERE fingerprint = $4
            """,
            [
                .integer(now.seconds), .text(reason.rawValue), SQLValue(successor?.bytes), .blob(fingerprint.bytes),
            ])
    }

    /// Begins the next episode, after notices of stages were sent too early.
    func advanceEpisode(of fingerprint: Fingerprint) throws {
        try session.execute(
            "UPDATE certificates SET episode = episode + 1 WHERE fingerprint = $1", [.blob(fingerprint.bytes)])
    }

    /// Records that a certificate or list is watched again.
    func reopen(_ fingerprint: Fingerprint, episode: Int64, at now: Instant) throws {
        try session.execute(
            """
            UPDATE certificates SET episode_since = CASE episode WHEN $1 THEN episode_since ELSE $2 END, episode = $1,
                ended_at = NULL, ended_because = NULL, successor = NULL
            WHERE fingerprint = $3
            """, [.integer(episode), .integer(now.seconds), .blob(fingerprint.bytes)])
    }

    /// Deletes certificates and lists that no other row refers to.
    func forget(_ ids: [Int64]) throws {
        try session.execute("DELETE FROM certificates WHERE id IN (\(SQLList.elements(of: "$1")))", [.list(ids)])
    }

    private static func values(of object: WatchedObject) -> [SQLValue] {
        switch object {
        case .certificate(let certificate):
            [
                .blob(certificate.fingerprint.bytes), .text(object.kind.rawValue),
            ] + facts(of: certificate) + [nil, nil, nil]
        case .revocationList(let list):
            [
                .blob(list.fingerprint.bytes), .text(object.kind.rawValue), .text(list.issuer), .text(list.issuer),
                .blob(list.number?.octets ?? []), SQLValue(list.thisUpdate?.seconds),
                SQLValue(list.nextUpdate?.seconds), .text(list.signatureAlgorithm), 0, "", "", nil,
                .blob(LineageMember(list).key.publicKey), SQLValue(list.deltaBase?.octets),
                SQLValue(list.authorityKeyIdentifier), SQLValue(list.revokedCount),
            ]
        }
    }

    /// The columns from `subject` to `lineage_public_key`.
    private static func facts(of certificate: Certificate) -> [SQLValue] {
        [
            .text(certificate.subject), .text(certificate.issuer), .blob(certificate.serialNumber.octets),
            SQLValue(certificate.validity.notBefore?.seconds), SQLValue(certificate.validity.notAfter?.seconds),
            .text(certificate.signatureAlgorithm), .integer(certificate.isCA ? 1 : 0), .text(certificate.publicKey),
            .text(JoinedNames.text(of: certificate.subjectAlternativeNames)),
            SQLValue(certificate.lineageKey.names), .blob(certificate.lineageKey.publicKey),
        ]
    }
}

extension SQLSession {
    /// The table `certificates`.
    var certificates: CertificateTable { CertificateTable(session: self) }
}
