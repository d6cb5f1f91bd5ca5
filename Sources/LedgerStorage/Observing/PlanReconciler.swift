import Certificates
import ExpiryRules

/// Brings the ledger in step with the configuration, inside one transaction.
struct PlanReconciler {
    let session: any SQLSession
    let plan: WatchPlan
    let now: Instant

    func reconcile(sources configured: Set<SourceKey>) throws {
        for source in try SourceRows(session: session).all() where !configured.contains(source.key) {
            try forget(source)
        }
        try forgetEndpoints(exceptOf: Set(configured.filter { $0.kind == .endpoint }.map(\.registration)))
        try closeFindings(exceptOf: configured)
        try forgetJudgements(exceptOf: Set(configured.map(\.registration)))
        try rememberClientFiles()
        if try thresholdsHaveChanged() { try decideAllAnew() }
    }

    /// Taken out of the configuration: cancelled at once, and nothing is told of it.
    private func forget(_ source: StoredSource) throws {
        let fingerprints = try session.query(
            """
            UPDATE observations SET ended_at = $1, ended_because = 'unregistered'
            WHERE source_id = $2 AND ended_at IS NULL RETURNING fingerprint
            """, [.integer(now.seconds), .integer(source.id)]
        ) { $0.blob(0).flatMap(Fingerprint.init(bytes:)) }
        try session.execute("DELETE FROM files WHERE source_id = $1", [.integer(source.id)])
        let standing = StandingWriter(session: session, plan: plan, now: now)
        for fingerprint in Set(fingerprints.compactMap(\.self)) {
            _ = try standing.reconsider(fingerprint)
        }
    }

    /// Should an endpoint come back, what was believed of it before is no reason to stay silent.
    private func forgetEndpoints(exceptOf configured: Set<String>) throws {
        let known = try session.query("SELECT name FROM endpoints") { $0.text(0) ?? "" }
        for name in known where !configured.contains(name) {
            for table: SQLText in ["endpoints WHERE name", "probes WHERE endpoint", "probe_hours WHERE endpoint"] {
                try session.execute("DELETE FROM \(table) = $1", [.text(name)])
            }
        }
    }

    /// What was found about a place that is registered no longer is no longer anybody's concern.
    private func closeFindings(exceptOf configured: Set<SourceKey>) throws {
        let registrations = Set(configured.map(\.registration))
        let places = Set(configured.map { [$0.registration, $0.place] })
        func isConfigured(_ code: FindingCode?, _ registration: String, _ place: String) -> Bool {
            switch code {
            case .clockStepped, .networkUnreachable, .receiverRefusing, .receiverUnreachable: true
            case .lostFromSight, .unreadableCertificate: places.contains([registration, place])
            default: registrations.contains(registration)
            }
        }
        let open = try session.query(
            "SELECT registration, code, place, episode FROM findings WHERE closed_at IS NULL"
        ) { row in
            (
                registration: row.text(0) ?? "", code: row.text(1).flatMap(FindingCode.init(rawValue:)),
                place: row.text(2) ?? "", episode: row.integer(3) ?? 0
            )
        }
        for finding in open where !isConfigured(finding.code, finding.registration, finding.place) {
            guard let code = finding.code else { continue }
            try session.execute(
                "UPDATE findings SET closed_at = $1 WHERE registration = $2 AND code = $3 AND place = $4",
                [.integer(now.seconds), .text(finding.registration), .text(code.rawValue), .text(finding.place)])
            let subject = NoticeSubject.finding(
                registration: finding.registration, code: code, place: finding.place)
            _ = try ResolutionWriter(session: session, now: now).end(
                SubjectEnding(subject: subject, episode: finding.episode, because: .unregistered, successor: nil))
        }
    }

    private func forgetJudgements(exceptOf configured: Set<String>) throws {
        let known = try session.query("SELECT DISTINCT registration FROM judgements") { $0.text(0) ?? "" }
        for registration in known where !configured.contains(registration) {
            for table: SQLText in ["judgements", "needs", "flaws", "unreported"] {
                try session.execute("DELETE FROM \(table) WHERE registration = $1", [.text(registration)])
            }
        }
    }

    /// Which endpoints fall with a client certificate is a question to its place.
    private func rememberClientFiles() throws {
        try session.execute("DELETE FROM client_files", [])
        for (endpoint, path) in plan.clientFiles {
            try session.execute(
                "INSERT INTO client_files(endpoint, path) VALUES($1, $2)", [.text(endpoint), .blob(path.bytes)])
        }
    }

    private func thresholdsHaveChanged() throws -> Bool {
        let digest = plan.thresholdsDigest
        let known = try session.first("SELECT value FROM meta WHERE name = 'thresholds'") { $0.text(0) ?? "" }
        guard known != digest else { return false }
        try session.execute(
            """
            INSERT INTO meta(name, value) VALUES('thresholds', $1) ON CONFLICT(name) DO UPDATE SET value = $1
            """, [.text(digest)])
        return known != nil
    }

    private func decideAllAnew() throws {
        try session.execute(
            "UPDATE certificates SET next_due = $1 WHERE ended_at IS NULL AND not_after IS NOT NULL",
            [.integer(now.seconds)])
    }
}
