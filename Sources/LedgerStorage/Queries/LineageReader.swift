import Certificates
import ExpiryRules

/// Finds certificates that may belong to one lineage.
struct LineageReader {
    let session: any SQLSession

    /// Certificates of a registration that share names or key with `certificate`, at most two.
    func relatives(of certificate: Certificate, in registration: String) throws -> [Fingerprint] {
        try session.all(
            """
            SELECT c.fingerprint FROM certificates c
            WHERE (\(LineageHash.names.isInSQL("c", "$1")) OR \(LineageHash.publicKey.isInSQL("c", "$2"))) AND c.fingerprint <> $3
                AND EXISTS (
                    SELECT 1 FROM sources s CROSS JOIN observations o
                    WHERE s.registration = $4 AND o.source_id = s.id AND o.certificate_id = c.id
                        AND o.ended_at IS NULL)
            LIMIT 2
            """,
            [
                SQLValue(certificate.lineageKey.names), .blob(certificate.lineageKey.publicKey),
                .blob(certificate.fingerprint.bytes), .text(registration),
            ]
        ) { try $0.fingerprint() }
    }

    /// The certificates among these that share names or key with another certificate of the registration.
    func withRelatives(_ fingerprints: [Fingerprint], in registration: String) throws -> Set<Fingerprint> {
        guard !fingerprints.isEmpty else { return [] }
        func relatives(_ hash: LineageHash) -> SQLText {
            """
            EXISTS (SELECT 1 FROM certificates c WHERE \(hash.matchesInSQL("c", "m")) AND c.id <> m.id
                AND EXISTS (
                    SELECT 1 FROM sources s CROSS JOIN observations o
                    WHERE s.registration = $2 AND o.source_id = s.id AND o.certificate_id = c.id
                        AND o.ended_at IS NULL))
            """
        }
        return Set(
            try session.all(
                """
                SELECT m.fingerprint FROM (\(SQLList.fingerprints(of: "$1"))) f
                CROSS JOIN certificates m ON m.fingerprint = f.fingerprint
                WHERE m.lineage_names IS NOT NULL AND \(relatives(.names))
                    OR \(relatives(.publicKey))
                """, [.list(fingerprints), .text(registration)]
            ) { try $0.fingerprint() })
    }

    /// Whether `newer` was first seen after `older`, or `older` is absent from the registration.
    func appearedLater(_ newer: Fingerprint, than older: Fingerprint, in registration: String) throws -> Bool {
        try session.exists(
            """
            SELECT 1 FROM certificates n, certificates o WHERE n.fingerprint = $1 AND o.fingerprint = $2
                AND (n.first_seen > o.first_seen OR NOT EXISTS (
                    SELECT 1 FROM sources s CROSS JOIN observations p
                    WHERE s.registration = $3 AND p.source_id = s.id AND p.certificate_id = o.id
                        AND p.ended_at IS NULL AND p.absent_since IS NULL))
            """, [.blob(newer.bytes), .blob(older.bytes), .text(registration)])
    }

    /// The certificates that a source shows at a path now.
    func present(at path: FilePath, of source: StoredSource) throws -> [LineageMember] {
        try session.all(
            """
            SELECT \(ObjectRows.columns) FROM certificates c JOIN observations o ON o.certificate_id = c.id
            WHERE o.source_id = $1 AND o.path = $2 AND o.ended_at IS NULL AND o.absent_since IS NULL
            """, [.integer(source.id), .blob(path.bytes)]
        ) { LineageMember(try $0.object()) }
    }
}
