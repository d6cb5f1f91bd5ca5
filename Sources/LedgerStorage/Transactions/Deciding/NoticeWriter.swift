import Certificates
import ExpiryRules

/// Writes notices with deliveries for the receivers that the routes name.
struct NoticeWriter {
    let session: any SQLSession
    let plan: WatchPlan
    let now: Instant

    /// Writes notices and one pending delivery for each receiver that the routes name. A receiver that has not received
    /// yet a milder stage, or the notice that a reminder repeats, gets the escalated notice as well. No two of the
    /// notices may have the same subject. `name` is the name of the certificate or list for people.
    ///
    /// - Returns: the ids of the notices that had not been decided before.
    func notify(_ drafts: [(draft: NoticeDraft, name: String?)]) throws -> [Int64] {
        let late = try session.memory.receiversToNotify(lessUrgentThan: drafts.map(\.draft))
        let router = NoticeRouter(session: session, plan: plan)
        return try NoticeRecorder(session: session, now: now).notify(
            drafts.map { draft, name in
                var addressees = router.addressees(of: draft, about: name)
                for receiver in late[draft.subject] ?? []
                where !addressees.contains(where: { $0.receiver == receiver }) {
                    addressees.append(Addressee(receiver: receiver, namedBy: Addressee.inheritance))
                }
                return (draft, addressees)
            })
    }

    /// Writes one notice.
    func notify(_ draft: NoticeDraft) throws -> [Int64] {
        try notify([(draft, try draft.fingerprint.flatMap(session.objects.name))])
    }

    /// Supersedes the earlier notices of the stage that the reminder `draft` repeats, and ends their deliveries.
    func supersedeEarlierReminders(than draft: NoticeDraft) throws {
        try session.notices.supersedeEarlierReminders(than: draft)
        try session.deliveries.settleIrrelevant([draft.subjectEpisode], at: now)
    }

    /// Supersedes the notices of milder stages than that of each of `drafts`, and ends their deliveries.
    func supersedeMilderStages(than drafts: [NoticeDraft]) throws {
        guard !drafts.isEmpty else { return }
        let late = try session.memory.failingReceivers(withoutMilderThan: drafts)
        let superseded = try session.notices.supersedeMilderStages(than: drafts)
        guard !superseded.isEmpty else { return }
        try session.deliveries.settleIrrelevant(Array(superseded), at: now)
        let reachability = ReachabilityWatch(session: session, now: now)
        for receiver in late { try reachability.review(receiver, on: .stageBegan) }
    }
}
