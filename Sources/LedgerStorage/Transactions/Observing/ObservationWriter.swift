import Certificates
import ExpiryRules

/// Turns what a pass saw of one source into rows, inside one transaction.
struct ObservationWriter {
    let session: any SQLSession
    let source: StoredSource
    let plan: WatchPlan
    let now: Instant

    private typealias Live = ObservationTable.Live

    private var files: FileTable { session.files(of: source) }

    /// Records one change; certificates whose standing may have changed are put into `affected`.
    func record(_ change: PathChange, affected: inout AffectedCertificates) throws {
        switch change {
        case .read(let path, let changeKey, let sightings, let encodings, let defects):
            let live =
                try files.remember(path, changeKey: changeKey, defect: defects.first) == .known
                ? try session.observations.live(at: path, of: source) : []
            try record(
                sightings, at: path, over: live, mayHideSome: defects.contains { $0.reason != .noCertificate },
                affected: &affected)
            // Of what was known nothing is at hand, and its encoding is kept already.
            try session.encodings.keep(
                sightings.compactMap { sighting in
                    guard case .read(let object) = sighting, let der = encodings[object.fingerprint] else { return nil }
                    return (object.fingerprint, der)
                })
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
        try session.observations.keep(known.id, at: index)
    }

    private func insertObservation(
        of sighting: Sighting, at path: FilePath, index: Int, affected: inout AffectedCertificates
    ) throws {
        if case .read(let object) = sighting, try insertIfNew(object) {
            affected.appeared(object)
        } else {
            affected.changed(sighting.fingerprint)
        }
        try session.observations.insert(
            sighting.fingerprint, at: path, position: index, of: source, seenAt: now)
    }

    private func insertIfNew(_ object: WatchedObject) throws -> Bool {
        let nextDue = StandingWriter(session: session, plan: plan, now: now)
            .nextDue(ofNew: object, in: source.key.registration)
        return try session.certificates.insert(object, at: now, nextDue: nextDue)
    }

    private func object(of sighting: Sighting) throws -> WatchedObject? {
        switch sighting {
        case .read(let object): object
        case .known(let fingerprint): try session.objects.object(fingerprint)
        }
    }

    /// Settles what the path held and holds no longer.
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
            // A block that could not be read may be the very certificate that is missed.
            if !mayBeHidden { try markAbsent(gone) }
        }
    }

    private func markAbsent(_ gone: Live) throws {
        guard !gone.isAbsent else { return }
        try session.observations.markAbsent([gone.id], at: now)
    }

    /// A path that is gone keeps its rows until its certificates have been absent long enough (`Absence`).
    private func forgetFileUnlessObserved(_ path: FilePath) throws {
        let live = try session.observations.live(at: path, of: source)
        guard !live.isEmpty else { return try files.forget(path) }
        try files.markGone(path)
        try session.observations.markAbsent(live.filter { !$0.isAbsent }.map(\.id), at: now)
    }

    private func openWentBackwards(from old: WatchedObject, to successor: Fingerprint, at path: FilePath) throws {
        let new = try session.objects.object(successor)
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
        guard try !session.observations.isAnyAbsent(at: path, of: source) else { return }
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
