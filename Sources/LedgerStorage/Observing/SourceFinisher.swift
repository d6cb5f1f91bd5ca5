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
            return try tell([.lostFromSight: lostFromSight(defect.message)])
        case .seen where try hasOnlyAbsentees():
            return try tell([.lostFromSight: lostFromSight("\(source.key.place): no \(noun) is there any more")])
        case .seen where try hasNeverShownAny():
            return try tell([
                .lostFromSight: neverShown(), .unreadableCertificate: unreadableContent(besides: [.noCertificate]),
            ])
        case .seen:
            try SourceRows(session: session).markRead(source, at: now)
            return try tell([.lostFromSight: unreadableFiles(), .unreadableCertificate: unreadableContent()])
                + endRemoved()
        }
    }

    /// Opens a finding for each trouble, once it has been there in enough passes; closes those that are over. A code that is not
    /// named was not looked at, and stays as it is.
    private func tell(_ troubles: [FindingCode: String?]) throws -> [Int64] {
        let isTroubled = troubles.values.contains { $0 != nil }
        let failures = try SourceRows(session: session).countFailures(of: source, isTroubled: isTroubled)
        let needed =
            plan.registration(named: source.key.registration)?.failuresBeforeAlert
            ?? source.key.kind.failuresBeforeAlert
        return try FindingCode.all(about: .place).flatMap { code -> [Int64] in
            guard let trouble = troubles[code] else { return [] }
            let (registration, place) = (source.key.registration, source.key.place)
            guard let message = trouble else {
                return try findings.close(registration: registration, code: code, place: place)
            }
            guard try failures >= needed || findings.isOpen(registration: registration, code: code, place: place) else {
                return []
            }
            return try findings.open(
                Finding(
                    registration: registration, code: code, place: place, severity: code.severity, message: message))
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

    private func isAnyObservation(_ condition: SQLText) throws -> Bool {
        try session.first(
            "SELECT 1 FROM observations WHERE source_id = $1 AND ended_at IS NULL AND \(condition) LIMIT 1",
            [.integer(source.id)]
        ) { _ in true } ?? false
    }

    private func lostFromSight(_ what: String) -> String {
        "\(what). What is known of this place is still watched, but nobody sees what is there now"
    }

    /// A place without any: what lies there instead says why.
    private func neverShown() throws -> String {
        let unread = try defects(concerning: .file)
        let empty = try defects(among: [.noCertificate])
        guard let example = (unread.examples + empty.examples).first else {
            return lostFromSight("\(source.key.place): no \(noun) is there")
        }
        let prefix = example.hasPrefix(source.key.place + ":") ? "" : "\(source.key.place): no \(noun) is there; "
        return lostFromSight(prefix + example)
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

    /// One finding for all places of the source that held certificates, or may hold them, and cannot be read now: a directory
    /// that loses its permissions makes one notice, not a thousand.
    private func unreadableFiles() throws -> String? {
        describe(
            try defects(concerning: .file),
            as: ("place", "where certificates are or may be cannot be read, and what is there now is not watched"))
    }

    /// One finding for all files of the source that should hold a certificate and hold none that can be read; `told` are the
    /// reasons that another finding tells.
    private func unreadableContent(besides told: Set<Defect.Reason> = []) throws -> String? {
        let reasons = Defect.Reason.allCases.filter { $0.concern == .content && !told.contains($0) }
        return describe(
            try defects(among: reasons), as: ("file", "without a certificate that can be read, where one should be"))
    }

    private func defects(concerning concern: Defect.Reason.Concern) throws -> Defects {
        try defects(among: Defect.Reason.allCases.filter { $0.concern == concern })
    }

    /// Files with defects: how many, and what is wrong with the first.
    private typealias Defects = (count: Int64, examples: [String])

    private func defects(among reasons: [Defect.Reason]) throws -> Defects {
        let condition: SQLText = "defect_reason IN (\(SQLText(listing: reasons)))"
        let count = try session.first(
            "SELECT count(*) FROM files WHERE source_id = $1 AND \(condition)", [.integer(source.id)]
        ) { $0.integer(0) ?? 0 }
        let examples = try session.query(
            "SELECT defect_message FROM files WHERE source_id = $1 AND \(condition) ORDER BY path LIMIT 3",
            [.integer(source.id)]
        ) { $0.text(0) ?? "" }
        return (count ?? 0, examples)
    }

    private func describe(_ defects: Defects, as what: (noun: String, clause: String)) -> String? {
        guard defects.count > 0 else { return nil }
        let more = defects.count > Int64(defects.examples.count) ? "; and more" : ""
        return """
            \(source.key.place): \(counted(defects.count, what.noun)) \(what.clause): \
            \(defects.examples.joined(separator: "; "))\(more)
            """
    }
}
