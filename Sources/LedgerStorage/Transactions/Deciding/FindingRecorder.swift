import Certificates
import ExpiryRules

/// Records findings, and what is to be told of them; who is told, its caller decides.
struct FindingRecorder {
    let session: any SQLSession
    let now: Instant

    /// Records that `finding` is true now.
    ///
    /// - Returns: what is to be told, if it was not true before.
    func open(_ finding: Finding) throws -> NoticeDraft {
        let episode = try session.findings.open(finding, at: now)
        let subject = FindingTable.Key(finding).subject
        try ResolutionWriter(session: session, now: now).withdrawEnds(of: subject, before: episode)
        return NoticeDraft(
            subject: subject, kind: .finding, stage: nil, episode: episode,
            registration: finding.registration, fingerprint: nil, severity: finding.severity,
            message: finding.message, occurredAt: now, usefulUntil: NoticeDraft.whileItIsTrue)
    }

    /// Begins a new episode of a finding that is open, if it is: what was told of it is superseded.
    func beginAnew(_ finding: Finding) throws {
        let key = FindingTable.Key(finding)
        guard let episode = try session.findings.beginAnew(key, at: now) else { return }
        try session.notices.supersede(key.subject, episode: episode - 1)
        try session.deliveries.settleIrrelevant([SubjectEpisode(subject: key.subject, episode: episode - 1)], at: now)
    }

    /// Records that a finding is true no longer, if it ever was.
    ///
    /// - Returns: the ids of the notices that tell so.
    func close(_ key: FindingTable.Key) throws -> [Int64] {
        guard let episode = try session.findings.close(key, at: now) else { return [] }
        let ending = SubjectEnding(subject: key.subject, episode: episode, because: .recovered, successor: nil)
        return try ResolutionWriter(session: session, now: now).end(ending)
    }
}
