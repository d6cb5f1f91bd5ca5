import Certificates
import ExpiryRules

/// Completes the reading of one source, inside one transaction.
struct SourceFinisher {
    let session: any SQLSession
    let source: StoredSource
    let plan: WatchPlan
    let now: Instant

    /// The kind of object that the source should contain.
    private var content: PlaceFact.Content {
        plan.registration(named: source.key.registration)?.role == .revocationList ? .revocationList : .certificate
    }

    private var findings: FindingWriter { FindingWriter(session: session, plan: plan, now: now) }

    func finish(_ outcome: SourceOutcome) throws -> [Int64] {
        switch outcome {
        case .lost(let defect):
            let fact = DefectFact(reason: defect.reason, path: source.key.place, message: defect.message)
            return try notify([.lostFromSight: whole(.unreadable(fact))])
        case .seen where try hasOnlyAbsentees():
            return try notify([.lostFromSight: whole(.emptied(place: source.key.place, content: content))])
        case .seen where try hasNeverShownAny():
            return try notify([
                .lostFromSight: whole(neverShown()),
                .unreadableCertificate: unreadableContent(besides: [.noCertificate]),
            ])
        case .seen:
            try session.sources.markRead(source, at: now)
            return try notify([.lostFromSight: unreadableFiles(), .unreadableCertificate: unreadableContent()])
                + endRemoved()
        }
    }

    /// A problem of the source.
    private struct Trouble {
        static let everything = Int64.max

        let fact: PlaceFact
        /// How many places or files are affected.
        let extent: Int64
    }

    /// The shortest time between two notices about one place.
    private static let pause = TimeSpan.hours(1)

    /// Opens a finding for each trouble that lasted for enough passes, and closes findings without a trouble. A code
    /// that is not in `troubles` was not checked and is not changed.
    ///
    /// An open finding gets a new notice when more places are affected than its last notice covered, at most once an
    /// hour.
    private func notify(_ troubles: [FindingCode: Trouble?]) throws -> [Int64] {
        let isTroubled = troubles.values.contains { $0 != nil }
        let failures = try session.sources.countFailures(of: source, isTroubled: isTroubled)
        let needed =
            plan.registration(named: source.key.registration)?.failuresBeforeAlert
            ?? source.key.kind.failuresBeforeAlert
        return try FindingCode.all(about: .place).flatMap { code -> [Int64] in
            guard let trouble = troubles[code] else { return [] }
            let (registration, place) = (source.key.registration, source.key.place)
            guard let trouble else {
                return try findings.close(registration: registration, code: code, place: place)
            }
            let key = FindingTable.Key(registration: registration, code: code, place: place)
            let openSince = try session.findings.openSince(key)
            guard failures >= needed || openSince != nil else { return [] }
            let finding = Finding(
                registration: registration, code: code, place: place, severity: code.severity,
                facts: .place(trouble.fact))
            guard let openSince, let notified = try session.findings.extent(key), notified < trouble.extent else {
                let notices = try findings.open(finding)
                try session.findings.setExtent(trouble.extent, of: key)
                return notices
            }
            // Before the end of the pause only the finding is updated. A later pass sends the notice.
            guard openSince + Self.pause <= now || now < openSince else { return try findings.open(finding) }
            let notices = try findings.change(to: finding)
            try session.findings.setExtent(trouble.extent, of: key)
            return notices
        }
    }

    /// Whether all observations of the source are absent. Then the source is probably unreadable, and no certificate
    /// was removed.
    private func hasOnlyAbsentees() throws -> Bool {
        guard source.key.kind.isSeenWhole else { return false }
        return try session.observations.isAny(.absent, of: source) && !session.observations.isAny(.present, of: source)
    }

    /// Whether the source has never shown a certificate. Then the place is probably wrong or the command prints
    /// nothing, and without a finding all would seem well.
    private func hasNeverShownAny() throws -> Bool {
        guard source.key.kind.isSeenWhole else { return false }
        return try !session.observations.wasAny(of: source)
    }

    /// The trouble that the whole source cannot be read.
    private func whole(_ fact: PlaceFact) -> Trouble {
        Trouble(fact: fact, extent: Trouble.everything)
    }

    /// The fact about a source without certificates. A defect at the source explains why.
    private func neverShown() throws -> PlaceFact {
        let unread = try defects(concerning: .file)
        let empty = try defects(among: [.noCertificate])
        return .neverShown(
            place: source.key.place, content: content, defect: (unread.examples + empty.examples).first)
    }

    /// Counts a pass for each absent certificate and ends those that have been absent long enough.
    private func endRemoved() throws -> [Int64] {
        var affected: Set<Fingerprint> = []
        for observation in try session.observations.countAbsences(of: source)
        where observation.absence.isRemoval(at: now) {
            let (reason, successor) = try ending(of: observation.fingerprint, at: observation.path)
            try session.observations.end(observation.id, because: reason, successor: successor, at: now)
            affected.insert(observation.fingerprint)
        }
        let standing = StandingWriter(session: session, plan: plan, now: now)
        return try affected.sorted().flatMap {
            try standing.reconsider($0, leftOrJoinedBy: source.key.registration)
        }
    }

    /// The reason for the end of an absent certificate. At an endpoint, a certificate of the same lineage has renewed
    /// it.
    private func ending(of fingerprint: Fingerprint, at path: FilePath) throws -> (EndReason, Fingerprint?) {
        guard !source.key.kind.isSeenWhole, let old = try session.objects.certificate(fingerprint) else {
            return (.removed, nil)
        }
        let present = try LineageReader(session: session).present(at: path, of: source)
        let heir = present.first { $0.outlives(LineageMember(old)) }
        return heir.map { (.renewed, $0.fingerprint) } ?? (.removed, nil)
    }

    /// One trouble for all unreadable places of the source that had certificates or may have them, so that a directory
    /// that loses its permissions causes one notice and not a thousand.
    private func unreadableFiles() throws -> Trouble? {
        let defects = try defects(concerning: .file)
        return trouble(
            defects,
            .partlyUnreadable(place: source.key.place, count: Int(defects.count), examples: defects.examples))
    }

    /// One trouble for all files of the source that should contain a certificate but have no readable one. `notified` are
    /// the reasons that another finding covers.
    private func unreadableContent(besides notified: Set<Defect.Reason> = []) throws -> Trouble? {
        let reasons = Defect.Reason.allCases.filter { $0.concern == .content && !notified.contains($0) }
        let defects = try defects(among: reasons)
        return trouble(
            defects, .undecodable(place: source.key.place, count: Int(defects.count), examples: defects.examples))
    }

    private func defects(concerning concern: Defect.Reason.Concern) throws -> FileTable.Defects {
        try defects(among: Defect.Reason.allCases.filter { $0.concern == concern })
    }

    private func defects(among reasons: [Defect.Reason]) throws -> FileTable.Defects {
        try session.files(of: source).defects(among: reasons)
    }

    private func trouble(_ defects: FileTable.Defects, _ fact: PlaceFact) -> Trouble? {
        defects.count > 0 ? Trouble(fact: fact, extent: defects.count) : nil
    }
}
