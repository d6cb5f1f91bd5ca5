import Certificates
import ExpiryRules

/// Records the client certificates that edges report, inside one transaction. A certificate is registered by its first
/// use. Later uses only move the time of its last one.
struct UseRecorder {
    /// The most hostnames of one certificate at one edge. Uses of further ones count for the edge as a whole.
    private static let hostnameLimit = 16
    /// The last use is stored to the minute, so that a busy certificate does not cost a write for each batch.
    private static let resolution = TimeSpan(seconds: 60)

    let session: any SQLSession
    let plan: WatchPlan
    let observed: ObservedPlan
    let now: Instant

    /// A use of a certificate that has no observation at this place yet.
    private struct FirstUse {
        let use: CertificateUse
        let path: FilePath

        var fingerprint: Fingerprint { use.certificate.fingerprint }
    }

    /// Records what `edge` reports.
    func record(_ uses: [CertificateUse], by edge: String) throws -> UseOutcome {
        let source = try session.sources.sourceOrNew(
            SourceKey(kind: .edge, registration: observed.registration, place: edge))
        try session.sources.advance(source, from: nil)
        try session.sources.markRead(source, at: now)
        var outcome = UseOutcome()
        let current = uses.filter { $0.usedAt > now - observed.forgetAfter }
        outcome.outdated = uses.count - current.count
        let identified = try current.map(identified).sorted { $0.usedAt > $1.usedAt }
        let new = try markKnown(identified, by: source)
        guard !new.isEmpty else { return outcome }
        let admitted = try admit(new, to: source, &outcome)
        outcome.noticeIDs += try insert(admitted, by: source, &outcome)
        return outcome
    }

    /// The use of a described certificate as one of a certificate that the ledger knows, if the description fits exactly
    /// one. So a certificate that is registered as a file as well is not watched twice.
    private func identified(_ use: CertificateUse) throws -> CertificateUse {
        guard case .described(.byDescription) = use.extent,
            let known = try session.certificates.onlyOne(describedBy: use.certificate),
            let certificate = try session.objects.certificate(known)
        else { return use }
        return CertificateUse(
            certificate: certificate, extent: .described(.byFingerprint), hostname: use.hostname, usedAt: use.usedAt)
    }

    /// Moves the last use of what is known. The latest of `uses` are first.
    ///
    /// - Returns: the first uses at a place.
    private func markKnown(_ uses: [CertificateUse], by source: StoredSource) throws -> [FirstUse] {
        var known: [Fingerprint: [FilePath: ObservationTable.Used?]] = [:]
        for used in try session.observations.used(Set(uses.map(\.certificate.fingerprint)), by: source) {
            known[used.fingerprint, default: [:]][used.path] = used
        }
        var later: [(id: Int64, at: Instant)] = []
        var new: [FirstUse] = []
        var isMarked: Set<Int64> = []
        for use in uses {
            let fingerprint = use.certificate.fingerprint
            let places = known[fingerprint] ?? [:]
            var path = Self.path(of: source.key.place, use.hostname)
            if places[path] == nil, places.count >= Self.hostnameLimit { path = Self.path(of: source.key.place, nil) }
            guard let place = places[path] else {
                new.append(FirstUse(use: use, path: path))
                known[fingerprint, default: [:]].updateValue(nil, forKey: path)
                continue
            }
            guard let place, isMarked.insert(place.id).inserted else { continue }
            let usedAt = min(use.usedAt, now)
            if usedAt >= place.lastUsed + Self.resolution { later.append((place.id, usedAt)) }
        }
        try session.observations.markUsed(later)
        return new
    }

    private static func path(of edge: String, _ hostname: String?) -> FilePath {
        FilePath(hostname.map { "\(edge) for \($0)" } ?? edge)
    }

    /// Leaves out the certificates for which there is no room, and opens the finding about it.
    private func admit(_ uses: [FirstUse], to source: StoredSource, _ outcome: inout UseOutcome) throws -> [FirstUse] {
        var watched = try session.observations.watchedAtEdges(among: Set(uses.map(\.fingerprint)))
        var room = observed.limit - (try session.observations.countAtEdges())
        var refused: [Fingerprint: String] = [:]
        let admitted = uses.filter { use in
            if watched.contains(use.fingerprint) { return true }
            guard room > 0 else {
                refused[use.fingerprint] = use.use.certificate.name
                return false
            }
            room -= 1
            watched.insert(use.fingerprint)
            return true
        }
        if let example = refused.values.min() {
            outcome.overLimit = refused.count
            outcome.noticeIDs += try FindingWriter(session: session, plan: plan, now: now).open(
                limitFinding(example, reportedBy: source.key.place))
        }
        return admitted
    }

    private func limitFinding(_ example: String, reportedBy edge: String) -> Finding {
        let code = FindingCode.observedLimitReached
        return Finding(
            registration: observed.registration, code: code, place: observed.registration, severity: code.severity,
            facts: .place(.observedLimit(limit: observed.limit, example: String(example.prefix(200)), edge: edge)))
    }

    /// Inserts the certificates and their observations, and decides on them.
    ///
    /// - Returns: the ids of the notices that were decided.
    private func insert(
        _ uses: [FirstUse], by source: StoredSource, _ outcome: inout UseOutcome
    ) throws -> [Int64] {
        let standing = StandingWriter(session: session, plan: plan, now: now)
        var seen: Set<Fingerprint> = []
        let distinct = uses.map(\.use).filter { seen.insert($0.certificate.fingerprint).inserted }
        var whole: [(WatchedObject, nextDue: Instant?)] = []
        var described: [(Certificate, nextDue: Instant?)] = []
        var encodings: [(Fingerprint, der: [UInt8])] = []
        for use in distinct {
            let object = WatchedObject.certificate(use.certificate)
            let due = standing.nextDue(ofNew: object, in: observed.registration)
            switch use.extent {
            case .whole(let der):
                whole.append((object, due))
                encodings.append((use.certificate.fingerprint, der))
            case .described: described.append((use.certificate, due))
            }
        }
        let inserted = try session.certificates.insert(whole, at: now)
            .merging(session.certificates.insert(described: described, at: now)) { first, _ in first }
        let ids = try session.objects.ids(of: seen)
        try session.observations.insert(
            try uses.map { use in
                guard let id = ids[use.fingerprint] else {
                    throw LedgerError("the ledger lost a certificate that it has just written")
                }
                return .init(certificateID: id, path: use.path, usedAt: min(use.use.usedAt, now))
            }, by: source, seenAt: now)
        try session.encodings.keep(encodings.compactMap { encoding in ids[encoding.0].map { ($0, encoding.der) } })
        var affected = AffectedCertificates()
        for use in distinct {
            if inserted[use.certificate.fingerprint] != nil {
                affected.appeared(.certificate(use.certificate))
            } else {
                affected.changed(use.certificate.fingerprint)
            }
        }
        outcome.newCertificates = distinct.count
        return try standing.reconsider(affected, in: observed.registration)
    }
}
