import Certificates
import ExpiryRules

/// Turns what a pass saw of one source into rows, inside one transaction.
struct ObservationWriter {
    let session: any SQLSession
    let source: StoredSource
    let plan: WatchPlan
    let now: Instant

    /// A live observation of one path.
    private struct Live {
        let id: Int64
        let fingerprint: Fingerprint
        let position: Int
        let isAbsent: Bool
    }

    /// Records one change; certificates whose standing may have changed are put into `affected`.
    func record(_ change: PathChange, affected: inout AffectedCertificates) throws {
        switch change {
        case .read(let path, let changeKey, let sightings, let encodings, let defects):
            let live =
                try rememberFile(path, changeKey: changeKey, defect: defects.first)
                ? try liveObservations(at: path) : []
            try record(
                sightings, at: path, over: live, mayHideSome: defects.contains { $0.reason != .noCertificate },
                affected: &affected)
            try keep(encodings, of: sightings)
        case .unreadable(let path, let defect):
            try rememberFile(path, changeKey: nil, defect: defect)
        case .skipped(let path, let defect):
            if try isObserved(atOrBelow: path) {
                try rememberFile(path, changeKey: nil, defect: defect)
            } else {
                try forgetFile(path)
            }
        case .gone(let path):
            try forgetFileUnlessObserved(path)
        }
    }

    /// - Returns: whether the file was known before.
    @discardableResult
    private func rememberFile(_ path: FilePath, changeKey: [UInt8]?, defect: Defect?) throws -> Bool {
        let values: [SQLValue] = [
            .integer(source.id), .blob(path.bytes), SQLValue(changeKey), SQLValue(defect?.reason.rawValue),
            SQLValue(defect?.message),
        ]
        let inserted = try session.execute(
            """
            INSERT INTO files(source_id, path, change_key, defect_reason, defect_message) VALUES($1, $2, $3, $4, $5)
            ON CONFLICT DO NOTHING
            """, values)
        guard inserted == 0 else { return false }
        try session.execute(
            """
            UPDATE files SET change_key = $3, defect_reason = $4, defect_message = $5
            WHERE source_id = $1 AND path = $2
            """, values)
        return true
    }

    private func liveObservations(at path: FilePath) throws -> [Live] {
        try session.query(
            """
            SELECT id, fingerprint, position, absent_since FROM observations
            WHERE source_id = $1 AND path = $2 AND ended_at IS NULL
            """, [.integer(source.id), .blob(path.bytes)]
        ) { row in
            guard let id = row.integer(0), let fingerprint = row.blob(1).flatMap(Fingerprint.init(bytes:)) else {
                throw LedgerDamage("an observation has no fingerprint")
            }
            return Live(
                id: id, fingerprint: fingerprint, position: Int(row.integer(2) ?? 0), isAbsent: row.integer(3) != nil)
        }
    }

    private func record(
        _ sightings: [Sighting], at path: FilePath, over live: [Live], mayHideSome: Bool,
        affected: inout AffectedCertificates
    ) throws {
        let before = Dictionary(live.map { ($0.fingerprint, $0) }, uniquingKeysWith: { first, _ in first })
        var seen: Set<Fingerprint> = []
        var added: [FileLineage.Member] = []
        for (index, sighting) in sightings.enumerated() where seen.insert(sighting.fingerprint).inserted {
            if let known = before[sighting.fingerprint] {
                try keep(known, at: index)
            } else {
                try insertObservation(of: sighting, at: path, index: index, affected: &affected)
                if !live.isEmpty, let object = try object(of: sighting) {
                    added.append((index, LineageMember(object)))
                }
            }
        }
        let lineage = FileLineage(added: added)
        for gone in live where !seen.contains(gone.fingerprint) {
            try settle(gone, at: path, by: lineage, mayBeHidden: mayHideSome, affected: &affected)
        }
        if !live.isEmpty { try closeWentBackwardsIfNothingIsMissing(at: path) }
    }

    private func keep(_ known: Live, at index: Int) throws {
        guard known.isAbsent || known.position != index else { return }
        try session.execute(
            "UPDATE observations SET position = $1, absent_since = NULL, absent_passes = 0 WHERE id = $2",
            [SQLValue(index), .integer(known.id)])
    }

    private func insertObservation(
        of sighting: Sighting, at path: FilePath, index: Int, affected: inout AffectedCertificates
    ) throws {
        if case .read(let object) = sighting, try insertIfNew(object) {
            affected.appeared(object)
        } else {
            affected.changed(sighting.fingerprint)
        }
        try session.execute(
            """
            INSERT INTO observations(source_id, path, position, fingerprint, first_seen) VALUES($1, $2, $3, $4, $5)
            """,
            [
                .integer(source.id), .blob(path.bytes), SQLValue(index), .blob(sighting.fingerprint.bytes),
                .integer(now.seconds),
            ])
    }

    private func insertIfNew(_ object: WatchedObject) throws -> Bool {
        let nextDue = StandingWriter(session: session, plan: plan, now: now)
            .nextDue(ofNew: object, in: source.key.registration)
        return try ObjectRows(session: session).insert(object, at: now, nextDue: nextDue)
    }

    private func object(of sighting: Sighting) throws -> WatchedObject? {
        switch sighting {
        case .read(let object): object
        case .known(let fingerprint): try ObjectRows(session: session).object(fingerprint)
        }
    }

    /// Of what was known nothing is at hand, and its encoding is kept already.
    private func keep(_ encodings: [Fingerprint: [UInt8]], of sightings: [Sighting]) throws {
        for case .read(let object) in sightings {
            guard let der = encodings[object.fingerprint] else { continue }
            try session.execute(
                "INSERT INTO encodings(fingerprint, der) VALUES($1, $2) ON CONFLICT DO NOTHING",
                [.blob(object.fingerprint.bytes), .blob(der)])
        }
    }

    /// Settles what the path held and holds no longer.
    private func settle(
        _ gone: Live, at path: FilePath, by lineage: FileLineage, mayBeHidden: Bool,
        affected: inout AffectedCertificates
    ) throws {
        guard let object = try ObjectRows(session: session).object(gone.fingerprint) else { return }
        let replacement = lineage.replacement(of: (gone.position, LineageMember(object)))
        switch (source.key.kind.isSeenWhole, replacement) {
        case (true, .renewed(let successor)):
            try session.execute(
                "UPDATE observations SET ended_at = $1, ended_because = 'renewed', successor = $2 WHERE id = $3",
                [.integer(now.seconds), .blob(successor.bytes), .integer(gone.id)])
            affected.changed(gone.fingerprint)
        case (true, .wentBackwards(let successor)):
            try markAbsent(gone)
            try openWentBackwards(from: object, to: successor, at: path)
        case (false, _), (true, .absent):
            // A block that could not be read may be the very certificate that is missed.
            if !mayBeHidden { try markAbsent(gone) }
        }
    }

    private func markAbsent(_ gone: Live) throws {
        guard !gone.isAbsent else { return }
        try session.execute(
            "UPDATE observations SET absent_since = $1, absent_passes = 0 WHERE id = $2",
            [.integer(now.seconds), .integer(gone.id)])
    }

    /// Whether certificates are known at `path`, or below it where it is a directory.
    private func isObserved(atOrBelow path: FilePath) throws -> Bool {
        let below = FilePath(bytes: path.bytes + [UInt8(ascii: "/")])
        let behind = FilePath(bytes: path.bytes + [UInt8(ascii: "/") + 1])
        return try session.first(
            """
            SELECT 1 FROM observations
            WHERE source_id = $1 AND ended_at IS NULL AND (path = $2 OR path >= $3 AND path < $4) LIMIT 1
            """, [.integer(source.id), .blob(path.bytes), .blob(below.bytes), .blob(behind.bytes)]
        ) { _ in true } ?? false
    }

    private func forgetFile(_ path: FilePath) throws {
        try session.execute(
            "DELETE FROM files WHERE source_id = $1 AND path = $2", [.integer(source.id), .blob(path.bytes)])
    }

    /// A path that is gone keeps its rows until its certificates have been absent long enough (`Absence`).
    private func forgetFileUnlessObserved(_ path: FilePath) throws {
        let live = try liveObservations(at: path)
        guard !live.isEmpty else { return try forgetFile(path) }
        try session.execute(
            """
            UPDATE files SET change_key = NULL, defect_reason = NULL, defect_message = NULL
            WHERE source_id = $1 AND path = $2
            """, [.integer(source.id), .blob(path.bytes)])
        for gone in live { try markAbsent(gone) }
    }

    private func openWentBackwards(from old: WatchedObject, to successor: Fingerprint, at path: FilePath) throws {
        let new = try ObjectRows(session: session).object(successor)
        let name =
            switch old {
            case .certificate(let certificate): "certificate \"\(certificate.name)\""
            case .revocationList(let list): "revocation list of \"\(list.issuer)\""
            }
        let message = """
            \(path): the \(name) that expires \(old.validity.expiry) was replaced by one that \
            expires earlier, \(new?.validity.expiry ?? .unreadable); put the newer one back, or remove this one
            """
        let finding = Finding(
            registration: source.key.registration, code: .wentBackwards, place: path.description, severity: .warning,
            message: message)
        try FindingWriter(session: session, plan: plan, now: now).open(finding)
    }

    private func closeWentBackwardsIfNothingIsMissing(at path: FilePath) throws {
        let stillMissing = try session.first(
            """
            SELECT 1 FROM observations
            WHERE source_id = $1 AND path = $2 AND absent_since IS NOT NULL AND ended_at IS NULL
            """, [.integer(source.id), .blob(path.bytes)]
        ) { _ in true }
        guard stillMissing == nil else { return }
        try FindingWriter(session: session, plan: plan, now: now).close(
            registration: source.key.registration, code: .wentBackwards, place: path.description)
    }
}

extension Expiry: CustomStringConvertible {
    /// The instant, `never`, or `at an unreadable date`.
    package var description: String {
        switch self {
        case .at(let instant): instant.description
        case .never: "never"
        case .unreadable: "at an unreadable date"
        }
    }
}
