import Certificates
import ExpiryRules

/// Resolves notices: cancels unsent deliveries, and sends a resolution to exactly the receivers that got the notice.
struct ResolutionWriter {
    let session: any SQLSession
    let now: Instant

    /// Ends a subject's notices of one episode.
    ///
    /// - Returns: the ids of the resolutions.
    func end(_ ending: SubjectEnding) throws -> [Int64] {
        try session.notices.end(ending)
        try session.deliveries.settleIrrelevant(
            [SubjectEpisode(subject: ending.subject, episode: ending.episode)], at: now)
        return try notifyEnd(ending)
    }

    /// Sends the resolution to each receiver that got a notice, or may have got it, in this episode or in an earlier
    /// one that was not resolved for it. The resolution must be the last message, so a receiver with an attempt in
    /// progress gets it only when that is settled and this is called again.
    func notifyEnd(_ ending: SubjectEnding) throws -> [Int64] {
        guard let resolution = ending.because.resolution else { return [] }
        let notified = try session.memory.receiversNotifiedAndIdle(ending)
        guard !notified.isEmpty else { return [] }
        let inserted = try session.notices.insertResolution(resolution, of: ending, at: now)
        let id = try inserted ?? session.notices.resolution(resolution, of: ending)
        try session.deliveries.enqueue(
            noticeID: id, to: notified.map { Addressee(receiver: $0, namedBy: "an earlier notice to it") }, at: now)
        return inserted == nil ? [] : [id]
    }

    /// Withdraws the resolutions of earlier episodes of a subject that is back, because they would seem to resolve the
    /// new episode.
    func withdrawEnds(of subject: NoticeSubject, before episode: Int64) throws {
        for episode in try session.notices.withdrawEnds(of: subject, before: episode) {
            try session.deliveries.settleIrrelevant([SubjectEpisode(subject: subject, episode: episode)], at: now)
        }
    }

    /// Opens a subject's notices again that ended because it was unregistered, and revives their deliveries.
    func undoUnregistering(_ subject: NoticeSubject, episode: Int64) throws {
        try session.deliveries.revive(
            noticeIDs: session.notices.undoUnregistering(subject, episode: episode), at: now)
    }

    /// After a settlement: ends deliveries whose notices are no longer open, and sends the resolutions that waited for
    /// them.
    func followUp(_ deliveries: [Int64]) throws {
        for closed in try session.memory.closed(ofDeliveries: deliveries) {
            try session.deliveries.settleIrrelevant(
                [SubjectEpisode(subject: closed.subject, episode: closed.episode)], at: now)
            if let ending = closed.ending { _ = try notifyEnd(ending) }
        }
    }
}
