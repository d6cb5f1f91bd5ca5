import Certificates
import ExpiryRules

/// Writes decisions and their deliveries.
struct NoticeWriter {
    let session: any SQLSession
    let plan: WatchPlan
    let now: Instant

    /// Writes notices, no two of which have the same subject, and one pending delivery for each receiver that the routes name,
    /// and for each that has not had a milder stage, or the notice that a reminder repeats: a late receiver gets the escalated
    /// stage as well. `name` is what people call the certificate or list.
    ///
    /// - Returns: the ids of those that had not been decided before.
    func tell(_ drafts: [(draft: NoticeDraft, name: String?)]) throws -> [Int64] {
        let late = try session.memory.receiversStillToHear(lessUrgentThan: drafts.map(\.draft))
        let router = NoticeRouter(session: session, plan: plan)
        return try NoticeRecorder(session: session, now: now).tell(
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
    func tell(_ draft: NoticeDraft) throws -> [Int64] {
        try tell([(draft, try draft.fingerprint.flatMap(session.objects.name))])
    }

    /// Ends what was told of the same stage before the reminder `draft`, which is told instead.
    func supersedeEarlierReminders(than draft: NoticeDraft) throws {
        try session.notices.supersedeEarlierReminders(than: draft)
        try session.deliveries.settleIrrelevant([draft.subjectEpisode], at: now)
    }

    /// Ends what was told of milder stages than each of `drafts` has, which is told instead.
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
