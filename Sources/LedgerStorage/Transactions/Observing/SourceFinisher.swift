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
            return try tell([.lostFromSight: whole(lostFromSight(defect.message))])
        case .seen where try hasOnlyAbsentees():
            return try tell([.lostFromSight: whole(lostFromSight("\(source.key.place): no \(noun) is there any more"))])
        case .seen where try hasNeverShownAny():
            return try tell([
                .lostFromSight: whole(neverShown()),
                .unreadableCertificate: unreadableContent(besides: [.noCertificate]),
            ])
        case .seen:
            try session.sources.markRead(source, at: now)
            return try tell([.lostFromSight: unreadableFiles(), .unreadableCertificate: unreadableContent()])
                + endRemoved()
        }
    }

    /// What is wrong with the place.
    private struct Trouble {
        static let everything = Int64.max

        let message: String
        /// How many places or files below it are concerned.
        let extent: Int64
    }

    /// Between two messages about one place.
    private static let pause = TimeSpan.hours(1)

    /// Opens a finding for each trouble, once it has been there in enough passes; closes those that are over. A code that is not
    /// named was not looked at, and stays as it is.
    ///
    /// One that is open is told again when more places are concerned than were told of, at most once an hour.
    private func tell(_ troubles: [FindingCode: Trouble?]) throws -> [Int64] {
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
                message: trouble.message)
            guard let openSince, let told = try session.findings.extent(key), told < trouble.extent else {
                let notices = try findings.open(finding)
                try session.findings.setExtent(trouble.extent, of: key)
                return notices
            }
            // Else it is told with the next pass after the pause.
            guard openSince + Self.pause <= now || now < openSince else { return try findings.open(finding) }
            let notices = try findings.change(to: finding)
            try session.findings.setExtent(trouble.extent, of: key)
            return notices
        }
    }

    /// Whether everything that was known here is missing: then nobody removed a certificate, somebody lost the place.
    private func hasOnlyAbsentees() throws -> Bool {
        guard source.key.kind.isSeenWhole else { return false }
        return try session.observations.isAny(.absent, of: source) && !session.observations.isAny(.present, of: source)
    }

    /// A place that was registered and has never shown a certificate is a mistake, or a command that prints nothing: silence
    /// would say that all is well.
    private func hasNeverShownAny() throws -> Bool {
        guard source.key.kind.isSeenWhole else { return false }
        return try !session.observations.wasAny(of: source)
    }

    /// Nothing of the place can be seen.
    private func whole(_ message: String) -> Trouble {
        Trouble(message: message, extent: Trouble.everything)
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

    /// At an endpoint, what took the place of an absent certificate renews it, once the absence is proven.
    private func ending(of fingerprint: Fingerprint, at path: FilePath) throws -> (EndReason, Fingerprint?) {
        guard !source.key.kind.isSeenWhole, let old = try session.objects.certificate(fingerprint) else {
            return (.removed, nil)
        }
        let present = try LineageReader(session: session).present(at: path, of: source)
        let heir = present.first { $0.outlives(LineageMember(old)) }
        return heir.map { (.renewed, $0.fingerprint) } ?? (.removed, nil)
    }

    /// One finding for all places of the source that held certificates, or may hold them, and cannot be read now: a directory
    /// that loses its permissions makes one notice, not a thousand.
    private func unreadableFiles() throws -> Trouble? {
        describe(
            try defects(concerning: .file),
            as: ("place", "where certificates are or may be cannot be read, and what is there now is not watched"))
    }

    /// One finding for all files of the source that should hold a certificate and hold none that can be read; `told` are the
    /// reasons that another finding tells.
    private func unreadableContent(besides told: Set<Defect.Reason> = []) throws -> Trouble? {
        let reasons = Defect.Reason.allCases.filter { $0.concern == .content && !told.contains($0) }
        return describe(
            try defects(among: reasons), as: ("file", "without a certificate that can be read, where one should be"))
    }

    private func defects(concerning concern: Defect.Reason.Concern) throws -> FileTable.Defects {
        try defects(among: Defect.Reason.allCases.filter { $0.concern == concern })
    }

    private func defects(among reasons: [Defect.Reason]) throws -> FileTable.Defects {
        try session.files(of: source).defects(among: reasons)
    }

    private func describe(_ defects: FileTable.Defects, as what: (noun: String, clause: String)) -> Trouble? {
        guard defects.count > 0 else { return nil }
        let more = defects.count > Int64(defects.examples.count) ? "; and more" : ""
        let message = """
            \(source.key.place): \(counted(defects.count, what.noun)) \(what.clause): \
            \(defects.examples.joined(separator: "; "))\(more)
            """
        return Trouble(message: message, extent: defects.count)
    }
}
