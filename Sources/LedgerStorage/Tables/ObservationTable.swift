import Certificates
import ExpiryRules

/// The only writer of `observations`: the certificates and lists at each location, with the times when they were seen.
struct ObservationTable {
    let session: any SQLSession

    /// A live observation of one path.
    struct Live {
        let id: Int64
        let fingerprint: Fingerprint
        let position: Int
        let isAbsent: Bool
    }

    /// An absent observation, after one more pass was counted.
    struct Absent {
        let id: Int64
        let fingerprint: Fingerprint
        let absence: Absence
        let path: FilePath
    }

    /// Whether an observation is present or absent at its source.
    enum Presence {
        case present
        case absent

        fileprivate var condition: SQLText {
            switch self {
            case .present: "absent_since IS NULL"
            case .absent: "absent_since IS NOT NULL"
            }
        }
    }

    /// The live observations of one path.
    func live(at path: FilePath, of source: StoredSource) throws -> [Live] {
        try session.all(
            """
            SELECT o.id, c.fingerprint, o.position, o.absent_since FROM observations o
            CROSS JOIN certificates c ON c.id = o.certificate_id
            WHERE o.source_id = $1 AND o.path = $2 AND o.ended_at IS NULL
            """, [.integer(source.id), .blob(path.bytes)]
        ) { row in
            Live(
                id: try row.integer(), fingerprint: try row.fingerprint(), position: try row.count(),
                isAbsent: row.optionalInteger() != nil)
        }
    }

    /// A new observation at a path.
    struct New {
        let certificateID: Int64
        let path: FilePath
        let position: Int
    }

    private static let insert = SQLBulk(columns: 5) { rows in
        "INSERT INTO observations(source_id, path, position, certificate_id, first_seen) VALUES \(rows)"
    }

    /// Inserts new observations.
    func insert(_ observations: [New], of source: StoredSource, seenAt now: Instant) throws {
        try session.executeAll(
            Self.insert,
            observations.map { observation in
                [
                    .integer(source.id), .blob(observation.path.bytes), SQLValue(observation.position),
                    .integer(observation.certificateID), .integer(now.seconds),
                ]
            })
    }

    /// Records that a certificate is present, at another position of the file or after an absence.
    func keep(_ id: Int64, at position: Int) throws {
        try session.execute(
            "UPDATE observations SET position = $1, absent_since = NULL, absent_passes = 0 WHERE id = $2",
            [SQLValue(position), .integer(id)])
    }

    /// Records that certificates are absent.
    func markAbsent(_ ids: [Int64], at now: Instant) throws {
        guard !ids.isEmpty else { return }
        try session.execute(
            """
            UPDATE observations SET absent_since = $1, absent_passes = 0 WHERE id IN (\(SQLList.elements(of: "$2")))
            """, [.integer(now.seconds), .list(ids)])
    }

    /// Ends an observation.
    func end(_ id: Int64, because reason: EndReason, successor: Fingerprint?, at now: Instant) throws {
        try session.execute(
            "UPDATE observations SET ended_at = $1, ended_because = $2, successor = $3 WHERE id = $4",
            [.integer(now.seconds), .text(reason.rawValue), SQLValue(successor?.bytes), .integer(id)])
    }

    /// Ends a registration's observations of a certificate that was renewed.
    func endRenewed(_ fingerprint: Fingerprint, by successor: Fingerprint, in registration: String, at now: Instant)
        throws
    {
        try session.execute(
            """
            UPDATE observations SET ended_at = $1, ended_because = 'renewed', successor = $2
            WHERE certificate_id = \(CertificateID.inSQL(of: "$3")) AND ended_at IS NULL
                AND source_id IN (SELECT id FROM sources WHERE registration = $4)
            """,
            [
                .integer(now.seconds), .blob(successor.bytes), .blob(fingerprint.bytes), .text(registration),
            ])
    }

    /// Ends all observations of a source that is no longer registered.
    ///
    /// - Returns: the fingerprints of the observed certificates and lists.
    func endUnregistered(of source: StoredSource, at now: Instant) throws -> Set<Fingerprint> {
        Set(
            try session.all(
                """
                UPDATE observations SET ended_at = $1, ended_because = 'unregistered'
                WHERE source_id = $2 AND ended_at IS NULL
                RETURNING (SELECT c.fingerprint FROM certificates c WHERE c.id = certificate_id)
                """, [.integer(now.seconds), .integer(source.id)]
            ) { try $0.fingerprint() })
    }

    /// Counts a pass for each absent observation of a source.
    func countAbsences(of source: StoredSource) throws -> [Absent] {
        try session.all(
            """
            UPDATE observations SET absent_passes = absent_passes + 1
            WHERE source_id = $1 AND absent_since IS NOT NULL AND ended_at IS NULL
            RETURNING id, (SELECT c.fingerprint FROM certificates c WHERE c.id = certificate_id), absent_since,
                absent_passes, path
            """, [.integer(source.id)]
        ) { row in
            Absent(
                id: try row.integer(), fingerprint: try row.fingerprint(),
                absence: Absence(since: try row.instant(), passes: try row.count()),
                path: FilePath(bytes: try row.blob()))
        }
    }

    /// Moves the start of absences and the last uses that lie in the future to `now`.
    func bringAbsencesBack(to now: Instant) throws {
        try session.execute(
            "UPDATE observations SET absent_since = $1 WHERE absent_since > $1 AND ended_at IS NULL",
            [.integer(now.seconds)])
        try session.execute(
            "UPDATE observations SET last_used = $1 WHERE last_used > $1 AND ended_at IS NULL", [.integer(now.seconds)])
    }

    /// Whether a source has any observation with this presence.
    func isAny(_ presence: Presence, of source: StoredSource) throws -> Bool {
        try session.exists(
            "SELECT 1 FROM observations WHERE source_id = $1 AND ended_at IS NULL AND \(presence.condition) LIMIT 1",
            [.integer(source.id)])
    }

    /// Whether a source ever had an observation.
    func wasAny(of source: StoredSource) throws -> Bool {
        try session.exists("SELECT 1 FROM observations WHERE source_id = $1 LIMIT 1", [.integer(source.id)])
    }

    /// Whether a path has an absent observation.
    func isAnyAbsent(at path: FilePath, of source: StoredSource) throws -> Bool {
        try session.exists(
            """
            SELECT 1 FROM observations
            WHERE source_id = $1 AND path = $2 AND absent_since IS NOT NULL AND ended_at IS NULL
            """, [.integer(source.id), .blob(path.bytes)])
    }

    /// Whether there are observations at `path`, or below it if it is a directory.
    func isAny(atOrBelow path: FilePath, of source: StoredSource) throws -> Bool {
        let below = FilePath(bytes: path.bytes + [UInt8(ascii: "/")])
        let behind = FilePath(bytes: path.bytes + [UInt8(ascii: "/") + 1])
        return try session.exists(
            """
            SELECT 1 FROM observations
            WHERE source_id = $1 AND ended_at IS NULL AND (path = $2 OR path >= $3 AND path < $4) LIMIT 1
            """, [.integer(source.id), .blob(path.bytes), .blob(below.bytes), .blob(behind.bytes)])
    }

    /// Deletes all observations of these.
    func forget(_ ids: [Int64]) throws {
        try session.execute(
            "DELETE FROM observations WHERE certificate_id IN (\(SQLList.elements(of: "$1")))", [.list(ids)])
    }
}

extension SQLSession {
    /// The table `observations`.
    var observations: ObservationTable { ObservationTable(session: self) }
}
