import Certificates
import ExpiryRules

/// Ends a pass over one source, inside one transaction.
struct SourceFinisher {
    let session: any SQLSession
    let source: StoredSource
    let plan: WatchPlan
    let now: Instant

    /// What is looked for.
    private var noun: String {
        plan.registration(named: source.key.registration)?.role == .revocationList ? "revocation list" : "certificate"
    }

    private var findings: FindingWriter { FindingWriter(session: session, plan: plan, now: now) }

    func finish(_ outcome: SourceOutcome) throws -> [Int64] {
        switch outcome {
        case .lost(let defect):
            return try openLostFromSight(defect.message)
        case .seen where try hasOnlyAbsentees():
            return try openLostFromSight("\(source.key.place): no \(noun) is there any more")
        case .seen where try hasNeverShownAny():
            return try judgeContent() + openLostFromSight("\(source.key.place): no \(noun) is there")
        case .seen:
            try SourceRows(session: session).markRead(source, at: now)
            return try judgeFiles() + judgeContent() + endRemoved()
        }
    }

    /// Whether everything that was known here is missing: then nobody removed a certificate, somebody lost the place.
    private func hasOnlyAbsentees() throws -> Bool {
        guard source.key.kind.isSeenWhole else { return false }
        return try isAnyObservation("absent_since IS NOT NULL") && !isAnyObservation("absent_since IS NULL")
    }

    /// A place that was registered and has never shown a certificate is a mistake, or a command that prints nothing: silence
    /// would say that all is well.
    private func hasNeverShownAny() throws -> Bool {
        guard source.key.kind.isSeenWhole else { return false }
        return try session.first("SELECT 1 FROM observations WHERE source_id = $1 LIMIT 1", [.integer(source.id)]) {
            _ in
            true
        } == nil
    }

    private func isAnyObservation(_ condition: String) throws -> Bool {
        try session.first(
            "SELECT 1 FROM observations WHERE source_id = $1 AND ended_at IS NULL AND \(condition) LIMIT 1",
            [.integer(source.id)]
        ) { _ in true } ?? false
    }

    private func openLostFromSight(_ what: String) throws -> [Int64] {
        try findings.open(
            Finding(
                registration: source.key.registration, code: .lostFromSight, place: source.key.place,
                severity: .critical,
                message: "\(what). What is known of this place is still watched, but nobody sees what is there now"))
    }

    /// Counts a pass for each absent certificate and ends those that have been absent long enough.
    private func endRemoved() throws -> [Int64] {
        let absent = try session.query(
            """
            UPDATE observations SET absent_passes = absent_passes + 1
            WHERE source_id = $1 AND absent_since IS NOT NULL AND ended_at IS NULL
            RETURNING id, fingerprint, absent_since, absent_passes, path
            """, [.integer(source.id)]
        ) { row in
            (
                id: row.integer(0) ?? 0, fingerprint: row.blob(1).flatMap(Fingerprint.init(bytes:)),
                absence: Absence(since: Instant(seconds: row.integer(2) ?? 0), passes: Int(row.integer(3) ?? 0)),
                path: row.blob(4) ?? []
            )
        }
        var affected: Set<Fingerprint> = []
        for observation in absent where observation.absence.isRemoval(at: now) {
            let (reason, successor) = try ending(of: observation.fingerprint, at: observation.path)
            try session.execute(
                "UPDATE observations SET ended_at = $1, ended_because = $2, successor = $3 WHERE id = $4",
                [.integer(now.seconds), .text(reason.rawValue), SQLValue(successor?.bytes), .integer(observation.id)])
            if let fingerprint = observation.fingerprint { affected.insert(fingerprint) }
        }
        let standing = StandingWriter(session: session, plan: plan, now: now)
        return try affected.sorted().flatMap {
            try standing.reconsider($0, leftOrJoinedBy: source.key.registration)
        }
    }

    /// At an endpoint, what took the place of an absent certificate renews it, once the absence is proven.
    private func ending(of fingerprint: Fingerprint?, at path: [UInt8]) throws -> (EndReason, Fingerprint?) {
        let rows = ObjectRows(session: session)
        guard !source.key.kind.isSeenWhole, let fingerprint, let old = try rows.certificate(fingerprint) else {
            return (.removed, nil)
        }
        let present = try session.query(
            """
            SELECT \(ObjectRows.columns) FROM certificates c JOIN observations o ON o.fingerprint = c.fingerprint
            WHERE o.source_id = $1 AND o.path = $2 AND o.ended_at IS NULL AND o.absent_since IS NULL
            """, [.integer(source.id), .blob(path)]
        ) { LineageMember(try ObjectRows.object(from: $0)) }
        let heir = present.first { $0.outlives(LineageMember(old)) }
        return heir.map { (.renewed, $0.fingerprint) } ?? (.removed, nil)
    }

    /// One finding for all files of the source that held certificates and cannot be read now: a directory that loses its
    /// permissions makes one notice, not a thousand.
    private func judgeFiles() throws -> [Int64] {
        let lost = try defects(
            concerning: .file,
            and: """
                AND EXISTS (SELECT 1 FROM observations o WHERE o.source_id = files.source_id AND o.path = files.path
                    AND o.ended_at IS NULL)
                """)
        return try open(.lostFromSight, .critical, lost, saying: "that held certificates and cannot be read now")
    }

    /// One finding for all files of the source that hold a certificate nobody can read.
    private func judgeContent() throws -> [Int64] {
        let unreadable = try defects(concerning: .content)
        return try open(
            .unreadableCertificate, .warning, unreadable, saying: "with a certificate that cannot be read")
    }

    private func defects(
        concerning concern: Defect.Reason.Concern, and restriction: String = ""
    ) throws -> (count: Int64, examples: [String]) {
        let reasons = Defect.Reason.allCases.filter { $0.concern == concern }.map { "'\($0.rawValue)'" }
        let condition = "defect_reason IN (\(reasons.joined(separator: ", "))) \(restriction)"
        let count = try session.first(
            "SELECT count(*) FROM files WHERE source_id = $1 AND \(condition)", [.integer(source.id)]
        ) { $0.integer(0) ?? 0 }
        let examples = try session.query(
            "SELECT defect_message FROM files WHERE source_id = $1 AND \(condition) ORDER BY path LIMIT 3",
            [.integer(source.id)]
        ) { $0.text(0) ?? "" }
        return (count ?? 0, examples)
    }

    private func open(
        _ code: FindingCode, _ severity: Severity, _ defects: (count: Int64, examples: [String]),
        saying what: String
    ) throws -> [Int64] {
        guard defects.count > 0 else {
            return try findings.close(
                registration: source.key.registration, code: code, place: source.key.place)
        }
        let more = defects.count > Int64(defects.examples.count) ? "; and more" : ""
        return try findings.open(
            Finding(
                registration: source.key.registration, code: code, place: source.key.place, severity: severity,
                message: """
                    \(source.key.place): \(counted(defects.count, "file")) \(what): \
                    \(defects.examples.joined(separator: "; "))\(more)
                    """))
    }
}
