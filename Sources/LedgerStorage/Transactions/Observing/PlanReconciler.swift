import Certificates
import ExpiryRules

/// Brings the ledger in line with the configuration, inside one transaction.
struct PlanReconciler {
    let session: any SQLSession
    let plan: WatchPlan
    let now: Instant

    func reconcile(sources configured: Set<SourceKey>) throws {
        for source in try session.sources.all() where !configured.contains(source.key) && !isEdge(source.key) {
            try forget(source)
        }
        try forgetEndpoints(exceptOf: Set(configured.filter { $0.kind == .endpoint }.map(\.registration)))
        try closeFindings(exceptOf: configured)
        try forgetJudgements(exceptOf: registrations(of: configured))
        // The file of a client certificate shows which endpoints depend on it.
        try session.clientFiles.replace(with: plan.clientFiles.map { ($0.key, $0.value) })
        if try thresholdsHaveChanged() { try session.certificates.makeAllDue(at: now) }
    }

    /// Whether an edge reports to the plan's registration of observed certificates. Edges are not configured.
    private func isEdge(_ key: SourceKey) -> Bool {
        key.kind == .edge && key.registration == plan.observed?.registration
    }

    private func registrations(of configured: Set<SourceKey>) -> Set<String> {
        Set(configured.map(\.registration)).union([plan.observed?.registration].compactMap(\.self))
    }

    /// Ends the observations of a source that was removed from the configuration. No resolution is sent.
    private func forget(_ source: StoredSource) throws {
        let seen = try session.observations.endUnregistered(of: source, at: now)
        try session.files(of: source).forgetAll()
        let standing = StandingWriter(session: session, plan: plan, now: now)
        for fingerprint in seen.sorted() { _ = try standing.reconsider(fingerprint) }
    }

    /// Deletes endpoints that are no longer configured. If one comes back, its former state must not suppress a notice.
    private func forgetEndpoints(exceptOf configured: Set<String>) throws {
        let forgotten = try session.endpoints.names().filter { !configured.contains($0) }
        guard !forgotten.isEmpty else { return }
        try session.endpoints.forget(forgotten)
        try session.probes.forget(forgotten)
        try session.probeHours.forget(forgotten)
    }

    /// Closes the findings about places that are no longer registered.
    private func closeFindings(exceptOf configured: Set<SourceKey>) throws {
        let registrations = registrations(of: configured)
        let places = Set(configured.map { [$0.registration, $0.place] })
        func isConfigured(_ key: FindingTable.Key) -> Bool {
            switch key.code {
            case .clockStepped, .networkUnreachable, .receiverRefusing, .receiverUnreachable: true
            case .lostFromSight, .unreadableCertificate: places.contains([key.registration, key.place])
            default: registrations.contains(key.registration)
            }
        }
        for finding in try session.findings.allOpen() where !isConfigured(finding.key) {
            _ = try session.findings.close(finding.key, at: now)
            _ = try ResolutionWriter(session: session, now: now).end(
                SubjectEnding(
                    subject: finding.key.subject, episode: finding.episode, because: .unregistered, successor: nil))
        }
    }

    private func forgetJudgements(exceptOf configured: Set<String>) throws {
        for registration in try session.judgements.registrations() where !configured.contains(registration) {
            try session.judgements.forgetAll(of: registration)
            try session.needs.forgetAll(of: registration)
            try session.flaws.forgetAll(of: registration)
            _ = try session.unreported.clear(registration)
        }
    }

    private func thresholdsHaveChanged() throws -> Bool {
        let known = try session.meta.value(.thresholds)
        guard known != plan.thresholdsDigest else { return false }
        try session.meta.set(.thresholds, to: plan.thresholdsDigest)
        return known != nil
    }
}
