import Certificates
import ExpiryRules

/// Writes decisions and their deliveries.
struct NoticeWriter {
    let session: any SQLSession
    let plan: WatchPlan
    let now: Instant

    /// Writes a notice and one pending delivery for each receiver that the routes name, and for each that has not had a
    /// milder stage, or the notice that a reminder repeats: a late receiver gets the escalated stage as well.
    ///
    /// - Returns: the notice's id, or nothing when it had been decided before.
    func tell(_ draft: NoticeDraft) throws -> [Int64] {
        var addressees = try NoticeRouter(session: session, plan: plan).addressees(of: draft)
        for receiver in try session.memory.receiversStillToHear(lessUrgentThan: draft)
        where !addressees.contains(where: { $0.receiver == receiver }) {
            addressees.append(Addressee(receiver: receiver, namedBy: Addressee.inheritance))
        }
        return try NoticeRecorder(session: session, now: now).tell(draft, to: addressees)
    }

    /// Ends what was told of the same stage before the reminder `draft`, which is told instead.
    func supersedeEarlierReminders(than draft: NoticeDraft) throws {
        try session.notices.supersedeEarlierReminders(than: draft)
        try session.deliveries.settleIrrelevant(subject: draft.subject, episode: draft.episode, at: now)
    }

    /// Ends what was told of milder stages than `stage`, which is told instead.
    func supersedeMilderStages(than stage: Stage, of draft: NoticeDraft) throws {
        let late = try session.memory.failingReceivers(withoutMilderThan: stage, of: draft)
        guard try session.notices.supersedeMilderStages(than: stage, of: draft) > 0 else { return }
        try session.deliveries.settleIrrelevant(subject: draft.subject, episode: draft.episode, at: now)
        let reachability = ReachabilityWatch(session: session, now: now)
        for receiver in late { try reachability.review(receiver, on: .stageBegan) }
    }
}
