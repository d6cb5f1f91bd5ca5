import Certificates
import ExpiryRules

extension Ledger {
    /// What a certificate or list needs, what needs it, and the certificates with the same names.
    ///
    /// - Throws: `LedgerError`.
    package func relations(of fingerprint: Fingerprint) async throws -> CertificateRelations {
        try await engine.read { try RelationReader(session: $0, fingerprint: fingerprint).relations() }
    }
}

/// Reads the relations of one certificate or list by the indexes of `needs` and of names.
private struct RelationReader {
    let session: any SQLSession
    let fingerprint: Fingerprint

    private static let columns: SQLText = """
        c.fingerprint, c.not_after, c.is_ca, c.kind, c.ended_at IS NULL, \(ObjectRows.nameColumns)
        """

    func relations() throws -> CertificateRelations {
        let count = try session.one(
            "SELECT count(DISTINCT certificate_id) FROM needs WHERE needed_id = \(CertificateID.inSQL(of: "$1"))",
            [blob]
        ) { try $0.count() }
        return CertificateRelations(
            needed: try relatives(
                """
                SELECT DISTINCT \(Self.columns) FROM judgements j
                CROSS JOIN needs x ON x.registration = j.registration AND x.certificate_id = j.certificate_id
                CROSS JOIN certificates c ON c.id = x.needed_id
                WHERE j.certificate_id = \(CertificateID.inSQL(of: "$1")) ORDER BY c.not_after, c.fingerprint LIMIT $2
                """),
            dependents: try relatives(
                """
                SELECT DISTINCT \(Self.columns) FROM needs x CROSS JOIN certificates c ON c.id = x.certificate_id
                WHERE x.needed_id = \(CertificateID.inSQL(of: "$1")) ORDER BY c.not_after, c.fingerprint LIMIT $2
                """),
            dependentCount: count ?? 0,
            endpoints: try NoticeReader(session: session).dependents(on: fingerprint).endpoints,
            namesakes: try relatives(
                """
                SELECT \(Self.columns) FROM certificates m
                CROSS JOIN certificates c ON \(LineageHash.names.matchesInSQL("c", "m"))
                WHERE m.fingerprint = $1 AND c.fingerprint <> $1 AND c.kind = 'certificate'
                ORDER BY c.not_after DESC, c.fingerprint LIMIT $2
                """))
    }

    private var blob: SQLValue { .blob(fingerprint.bytes) }

    private func relatives(_ sql: SQLText) throws -> [CertificateRelations.Relative] {
        try session.all(sql, [blob, SQLValue(CertificateRelations.limit)]) { row in
            let (fingerprint, notAfter, isCA) = (try row.fingerprint(), row.optionalInstant(), try row.flag())
            let (kind, isWatched) = (try row.value(WatchedObject.Kind.self), try row.flag())
            return CertificateRelations.Relative(
                fingerprint: fingerprint, name: try row.objectName(), notAfter: notAfter, isCA: isCA, kind: kind,
                isWatched: isWatched)
        }
    }
}
