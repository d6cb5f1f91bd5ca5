import Certificates
import ExpiryRules

/// Records the changes of one source, inside one transaction.
struct ObservationWriter {
    let session: any SQLSession
    let source: StoredSource
    let plan: WatchPlan
    let now: Instant

    private typealias Live = ObservationTable.Live

    private var files: FileTable { session.files(of: source) }

    /// What a batch has recorded so far.
    private struct Progress {
        var affected = AffectedCertificates()
        /// The ids of certificates and lists that the batch has stored or looked up.
        var ids: [Fingerprint: Int64] = [:]
    }

    /// Records changes in the order of paths. New files are recorded together, because in the first scan all files are
    /// new.
    ///
    /// - Returns: the certificates and lists that the changes affect.
    func record(_ changes: [PathChange]) throws -> AffectedCertificates {
        let looks = changes.compactMap { change -> FileTable.Look? in
            guard case .read(let path, let changeKey, _, _, let defects) = change else { return nil }
            return FileTable.Look(path: path, changeKey: changeKey, defect: defects.first)
        }
        // A path that occurs twice is new only the first time.
        var newPaths = try files.insert(looks)
        var progress = Progress()
        var found: [FirstSight] = []
        for change in changes {
            if case .read(let path, _, let sightings, _, _) = change, newPaths.remove(path) != nil {
                var seen: Set<Fingerprint> = []
                for (position, sighting) in sightings.enumerated() where seen.insert(sighting.fingerprint).inserted {
                    found.append(FirstSight(path: path, position: position, sighting: sighting))
                }
            } else {
                try insert(found, progress: &progress)
                found = []
                try record(change, progress: &progress)
            }
        }
        try insert(found, progress: &progress)
        try keepEncodings(of: changes, progress: &progress)
        return progress.affected
    }

    /// Records one change of a known path.
    private func record(_ change: PathChange, progress: inout Progress) throws {
        switch change {
        case .read(let path, let changeKey, let sightings, _, let defects):
            try files.remember(path, changeKey: changeKey, defect: defects.first)
            try record(
                sightings, at: path, over: session.observations.live(at: path, of: source),
                mayHideSome: defects.contains { $0.reason != .noCertificate }, progress: &progress)
        case .unreadable(let path, let defect):
            try files.remember(path, changeKey: nil, defect: defect)
        case .skipped(let path, let defect):
            if try session.observations.isAny(atOrBelow: path, of: source) {
                try files.remember(path, changeKey: nil, defect: defect)
            } else {
                try files.forget(path)
            }
        case .gone(let path):
            try forgetFileUnlessObserved(path)
        }
    }

    /// Stores the DER of what was read. Known certificates were not decoded again, and their DER is stored already.
    private func keepEncodings(of changes: [PathChange], progress: inout Progress) throws {
        let encodings = changes.flatMap { change -> [(fingerprint: Fingerprint, der: [UInt8])] in
            guard case .read(_, _, let sightings, let encodings, _) = change else { return [] }
            return sightings.compactMap { sighting in
                guard case .read(let object) = sighting else { return nil }
                return encodings[object.fingerprint].map { (object.fingerprint, $0) }
            }
        }
        try lookUp(encodings.map(\.fingerprint), progress: &progress)
        try session.encodings.keep(
            encodings.compactMap { encoding in progress.ids[encoding.fingerprint].map { ($0, encoding.der) } })
    }

    /// Looks up the ids that the batch does not know yet.
    private func lookUp(_ fingerprints: [Fingerprint], progress: inout Progress) throws {
        let unknown = Set(fingerprints.filter { progress.ids[$0] == nil })
        progress.ids.merge(try session.objects.ids(of: unknown)) { _, new in new }
    }

    /// A certificate or list that is seen for the first time at a path.
    private struct FirstSight {
        let path: FilePath
        let position: Int
        let sighting: Sighting
    }

    /// Inserts the observations of certificates that are seen for the first time at a path, each at most once for a
    /// path.
    private func insert(_ found: [FirstSight], progress: inout Progress) throws {
        guard !found.isEmpty else { return }
        let standing = StandingWriter(session: session, plan: plan, now: now)
        let objects = found.compactMap { sight -> WatchedObject? in
            guard case .read(let object) = sight.sighting else { return nil }
            return object
        }
        let inserted = try session.certificates.insert(
            objects.map { ($0, standing.nextDue(ofNew: $0, in: source.key.registration)) }, at: now)
        progress.ids.merge(inserted) { _, new in new }
        try lookUp(found.map(\.sighting.fingerprint), progress: &progress)
        try session.observations.insert(
            found.map { sight in
                guard let id = progress.ids[sight.sighting.fingerprint] else {
                    throw LedgerError(
                        "\(sight.path): its certificate has left the ledger; the next pass reads it again")
                }
                return ObservationTable.New(certificateID: id, path: sight.path, position: sight.position)
            }, of: source, seenAt: now)
        var new = Set(inserted.keys)
        for sight in found {
            if case .read(let object) = sight.sighting, new.remove(object.fingerprint) != nil {
                progress.affected.appeared(object)
            } else {
                progress.affected.changed(sight.sighting.fingerprint)
            }
        }
    }

    private func record(
        _ sightings: [Sighting], at path: FilePath, over live: [Live], mayHideSome: Bool, progress: inout Progress
    ) throws {
        let before = Dictionary(live.map { ($0.fingerprint, $0) }, uniquingKeysWith: { first, _ in first })
        var seen: Set<Fingerprint> = []
        var added: [FirstSight] = []
        for (index, sighting) in sightings.enumerated() where seen.insert(sighting.fingerprint).inserted {
            if let known = before[sighting.fingerprint] {
                try keep(known, at: index)
            } else {
                added.append(FirstSight(path: path, position: index, sighting: sighting))
            }
        }
        try insert(added, progress: &progress)
        let lineage = FileLineage(
            added: live.isEmpty
                ? []
                : try added.compactMap { sight in
                    try object(of: sight.sighting).map { (sight.position, LineageMember($0)) }
                })
        for gone in live where !seen.contains(gone.fingerprint) {
            try settle(gone, at: path, by: lineage, mayBeHidden: mayHideSome, affected: &progress.affected)
        }
        if !live.isEmpty { try closeWentBackwardsIfNothingIsMissing(at: path) }
    }

    private func keep(_ known: Live, at index: Int) throws {
        guard known.isAbsent || known.position != index else { return }
        try session.observations.keep(known.id, at: index)
    }

    private func object(of sighting: Sighting) throws -> WatchedObject? {
        switch sighting {
        case .read(let object): object
        case .known(let fingerprint): try session.objects.object(fingerprint)
        }
    }

    /// Ends or marks as absent an observation that the path no longer shows.
    private func settle(
        _ gone: Live, at path: FilePath, by lineage: FileLineage, mayBeHidden: Bool,
        affected: inout AffectedCertificates
    ) throws {
        guard let object = try session.objects.object(gone.fingerprint) else { return }
        let replacement = lineage.replacement(of: (gone.position, LineageMember(object)))
        switch (source.key.kind.isSeenWhole, replacement) {
        case (true, .renewed(let successor)):
            try session.observations.end(gone.id, because: .renewed, successor: successor, at: now)
            affected.changed(gone.fingerprint)
        case (true, .wentBackwards(let successor)):
            try markAbsent(gone)
            try openWentBackwards(from: object, to: successor, at: path)
        case (false, _), (true, .absent):
            // A block that could not be read may be the missing certificate.
            if !mayBeHidden { try markAbsent(gone) }
        }
    }

    private func markAbsent(_ gone: Live) throws {
        guard !gone.isAbsent else { return }
        try session.observations.markAbsent([gone.id], at: now)
    }

    /// Deletes a path that is gone. While it has observations, its row stays until they have been absent long enough
    /// (`Absence`).
    private func forgetFileUnlessObserved(_ path: FilePath) throws {
        let live = try session.observations.live(at: path, of: source)
        guard !live.isEmpty else { return try files.forget(path) }
        try files.markGone(path)
        try session.observations.markAbsent(live.filter { !$0.isAbsent }.map(\.id), at: now)
    }

    private func openWentBackwards(from old: WatchedObject, to successor: Fingerprint, at path: FilePath) throws {
        let new = try session.objects.object(successor)?.validity
        let fact: PlaceFact =
            switch old {
            case .certificate(let certificate):
                .certificateReplaced(
                    path: path.description, name: certificate.name, expiry: old.validity.expiry.date,
                    newExpiry: new?.expiry.date)
            // A list is newer if it was issued later; its next update says nothing of that (RFC 5280 5.1.2.4).
            case .revocationList(let list):
                .listReplaced(
                    path: path.description, issuer: list.issuer, issued: old.validity.notBefore,
                    newIssued: new?.notBefore)
            }
        let finding = Finding(
            registration: source.key.registration, code: .wentBackwards, place: path.description, severity: .warning,
            facts: .place(fact))
        try FindingWriter(session: session, plan: plan, now: now).open(finding)
    }

    private func closeWentBackwardsIfNothingIsMissing(at path: FilePath) throws {
        guard try !session.observations.isAnyAbsent(at: path, of: source) else { return }
        try FindingWriter(session: session, plan: plan, now: now).close(
            registration: source.key.registration, code: .wentBackwards, place: path.description)
    }
}

extension Expiry {
    /// `noWellDefinedExpiry` if it never expires; nil if its date cannot be read.
    fileprivate var date: Instant? {
        switch self {
        case .at(let instant): instant
        case .never: .noWellDefinedExpiry
        case .unreadable: nil
        }
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
