import Certificates
import ExpiryRules

/// Opens and closes findings, and drafts their notices. The caller selects the receivers.
struct FindingRecorder {
    let session: any SQLSession
    let now: Instant

    /// Opens `finding`, or updates it if it is open already.
    ///
    /// - Returns: the draft of its notice, which is sent if the episode is new.
    func open(_ finding: Finding) throws -> NoticeDraft {
        let episode = try session.findings.open(finding, at: now)
        let subject = FindingTable.Key(finding).subject
        try ResolutionWriter(session: session, now: now).withdrawEnds(of: subject, before: episode)
        return NoticeDraft(
            subject: subject, kind: .finding, stage: nil, episode: episode,
            registration: finding.registration, fingerprint: nil, severity: finding.severity,
            facts: finding.facts, occurredAt: now, usefulUntil: NoticeDraft.whileItIsTrue)
    }

    /// Begins a new episode of the finding if it is open, and supersedes its notices.
    func beginAnew(_ finding: Finding) throws {
        let key = FindingTable.Key(finding)
        guard let episode = try session.findings.beginAnew(key, at: now) else { return }
        try session.notices.supersede(key.subject, episode: episode - 1)
        try session.deliveries.settleIrrelevant([SubjectEpisode(subject: key.subject, episode: episode - 1)], at: now)
    }

    /// Closes a finding if it is open.
    ///
    /// - Returns: the ids of the resolutions.
    func close(_ key: FindingTable.Key) throws -> [Int64] {
        guard let episode = try session.findings.close(key, at: now) else { return [] }
        let ending = SubjectEnding(subject: key.subject, episode: episode, because: .recovered, successor: nil)
        return try ResolutionWriter(session: session, now: now).end(ending)
    }
}
