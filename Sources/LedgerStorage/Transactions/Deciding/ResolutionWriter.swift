import Certificates
import ExpiryRules

/// Ends what was told: cancels what is still in the outbox, and tells the end to exactly those who were told.
struct ResolutionWriter {
    let session: any SQLSession
    let now: Instant

    /// Ends a subject's notices of one episode.
    ///
    /// - Returns: the ids of the notices of the end.
    func end(_ ending: SubjectEnding) throws -> [Int64] {
        try session.notices.end(ending)
        try session.deliveries.settleIrrelevant(
            [SubjectEpisode(subject: ending.subject, episode: ending.episode)], at: now)
        return try tellEnd(ending)
    }

    /// Tells the end to each receiver that was told, or may have been, in this episode or in one whose end it has not heard,
    /// and to which nothing is being sent just now: a receiver's last word must be the end. Called again when such a
    /// sending is settled.
    func tellEnd(_ ending: SubjectEnding) throws -> [Int64] {
        guard let resolution = ending.because.resolution else { return [] }
        let told = try session.memory.receiversToldAndIdle(ending)
        guard !told.isEmpty else { return [] }
        let inserted = try session.notices.insertResolution(resolution, of: ending, at: now)
        let id = try inserted ?? session.notices.resolution(resolution, of: ending)
        try session.deliveries.enqueue(
            noticeID: id, to: told.map { Addressee(receiver: $0, namedBy: "what it was told before") }, at: now)
        return inserted == nil ? [] : [id]
    }

    /// Of something that is back, the end of what was before is told no more: it would be taken for the end of what is now.
    func withdrawEnds(of subject: NoticeSubject, before episode: Int64) throws {
        for episode in try session.notices.withdrawEnds(of: subject, before: episode) {
            try session.deliveries.settleIrrelevant([SubjectEpisode(subject: subject, episode: episode)], at: now)
        }
    }

    /// Opens a subject's notices again that ended because it was registered no longer, and their deliveries with them.
    func undoUnregistering(_ subject: NoticeSubject, episode: Int64) throws {
        try session.deliveries.revive(
            noticeIDs: session.notices.undoUnregistering(subject, episode: episode), at: now)
    }

    /// After deliveries were settled: ends those whose notices are open no longer, and tells the end that waited for them.
    func followUp(_ deliveries: [Int64]) throws {
        for closed in try session.memory.closed(ofDeliveries: deliveries) {
            try session.deliveries.settleIrrelevant(
                [SubjectEpisode(subject: closed.subject, episode: closed.episode)], at: now)
            if let ending = closed.ending { _ = try tellEnd(ending) }
        }
    }
}
