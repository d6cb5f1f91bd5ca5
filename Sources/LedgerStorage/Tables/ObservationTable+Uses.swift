import Certificates

/// The observations of certificates at edges, which are those with a last use.
extension ObservationTable {
    /// A live observation at an edge.
    struct Used {
        let id: Int64
        let fingerprint: Fingerprint
        let path: FilePath
        let lastUsed: Instant
    }

    /// A new observation at an edge.
    struct NewUse {
        let certificateID: Int64
        let path: FilePath
        let usedAt: Instant
    }

    /// The live observations of these certificates by one edge.
    func used(_ fingerprints: Set<Fingerprint>, by source: StoredSource) throws -> [Used] {
        try session.all(
            """
            SELECT o.id, m.fingerprint, o.path, o.last_used FROM (\(CertificateID.rowsInSQL(of: "$1"))) m
            CROSS JOIN observations o ON o.certificate_id = m.id AND o.ended_at IS NULL AND o.source_id = $2
            WHERE o.last_used IS NOT NULL
            """, [.list(fingerprints), .integer(source.id)]
        ) { row in
            Used(
                id: try row.integer(), fingerprint: try row.fingerprint(), path: FilePath(bytes: try row.blob()),
                lastUsed: try row.instant())
        }
    }

    /// The certificates among these that any edge has reported and that are watched.
    func watchedAtEdges(among fingerprints: Set<Fingerprint>) throws -> Set<Fingerprint> {
        Set(
            try session.all(
                """
                SELECT m.fingerprint FROM (\(CertificateID.rowsInSQL(of: "$1"))) m
                WHERE EXISTS (SELECT 1 FROM observations o
                    WHERE o.certificate_id = m.id AND o.ended_at IS NULL AND o.last_used IS NOT NULL)
                """, [.list(fingerprints)]
            ) { try $0.fingerprint() })
    }

    /// How many certificates are watched that edges have reported.
    func countAtEdges() throws -> Int {
        try session.one(
            "SELECT count(DISTINCT certificate_id) FROM observations WHERE last_used IS NOT NULL AND ended_at IS NULL"
        ) { try $0.count() } ?? 0
    }

    private static let insertUses = SQLBulk(columns: 6) { rows in
        "INSERT INTO observations(source_id, path, position, certificate_id, first_seen, last_used) VALUES \(rows)"
    }

    /// Inserts new observations at an edge.
    func insert(_ uses: [NewUse], by source: StoredSource, seenAt now: Instant) throws {
        try session.executeAll(
            Self.insertUses,
            uses.map { use in
                [
                    .integer(source.id), .blob(use.path.bytes), 0, .integer(use.certificateID), .integer(now.seconds),
                    .integer(use.usedAt.seconds),
                ]
            })
    }

    private static let markUsed = SQLBulk(columns: 2) { rows in
        """
        WITH used(id, at) AS (VALUES \(rows))
        UPDATE observations SET last_used = used.at FROM used
        WHERE observations.id = used.id AND observations.last_used < used.at
        """
    }

    /// Stores later uses of observations.
    func markUsed(_ uses: [(id: Int64, at: Instant)]) throws {
        try session.executeAll(Self.markUsed, uses.map { [.integer($0.id), .integer($0.at.seconds)] })
    }

    /// The observations at edges that were last used at `instant` or before.
    func unused(since instant: Instant) throws -> [(id: Int64, fingerprint: Fingerprint)] {
        try session.all(
            """
            SELECT o.id, c.fingerprint FROM observations o CROSS JOIN certificates c ON c.id = o.certificate_id
            WHERE o.last_used <= $1 AND o.last_used IS NOT NULL AND o.ended_at IS NULL ORDER BY o.certificate_id, o.id
            """, [.integer(instant.seconds)]
        ) { (try $0.integer(), try $0.fingerprint()) }
    }

    /// The certificates at edges that were not used since `instant`, and that share names or key with one that expires
    /// later.
    func unusedWithRelatives(since instant: Instant) throws -> [Fingerprint] {
        try session.all(
            """
            SELECT c.fingerprint FROM observations o CROSS JOIN certificates c ON c.id = o.certificate_id
            WHERE o.last_used IS NOT NULL AND o.ended_at IS NULL
                AND (EXISTS (SELECT 1 FROM certificates n
                        WHERE \(LineageHash.names.matchesInSQL("n", "c")) AND n.not_after > c.not_after)
                    OR EXISTS (SELECT 1 FROM certificates n
                        WHERE \(LineageHash.publicKey.matchesInSQL("n", "c")) AND n.not_after > c.not_after))
            GROUP BY c.id HAVING max(o.last_used) <= $1
            """, [.integer(instant.seconds)]
        ) { try $0.fingerprint() }
    }

    /// When any edge last reported a certificate; nil for one that none reports.
    func lastUse(of fingerprint: Fingerprint) throws -> Instant? {
        try session.one(
            "SELECT max(last_used) FROM observations WHERE certificate_id = \(CertificateID.inSQL(of: "$1")) AND ended_at IS NULL",
            [.blob(fingerprint.bytes)]
        ) { $0.optionalInstant() } ?? nil
    }
}
