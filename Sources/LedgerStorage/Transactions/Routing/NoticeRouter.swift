import Certificates
import ExpiryRules

/// Says whom notices are told to, inside a transaction.
struct NoticeRouter {
    let session: any SQLSession
    let plan: WatchPlan

    /// Whom the routes name for a notice that is about to be written, about a certificate or list that people call `name`.
    func addressees(of draft: NoticeDraft, about name: String?) -> [Addressee] {
        plan.route.addressees(
            of: (draft.onBehalfOf.isEmpty ? [draft.registration] : draft.onBehalfOf).map { registration in
                plan.traits(
                    ofNoticeFor: registration, severity: draft.severity, code: draft.subject.findingCode,
                    fingerprint: draft.fingerprint, subject: name)
            })
    }

    /// Whom the routes name now for a notice that was written before; with `orMilder` also on behalf of those who ask for a
    /// milder stage, and hear of this one instead.
    func addressees(ofNotice id: Int64, orMilder: Bool = false, at now: Instant) throws -> [Addressee] {
        guard let notice = try session.memory.stored(id) else { return [] }
        if notice.subject.findingCode?.concern == .receiver, let receiver = notice.subject.place {
            return try session.receivers.fallbacks(for: receiver)
        }
        let registrations = try registrations(concernedBy: notice, orMilder: orMilder)
        return plan.route.addressees(of: try traits(of: notice, for: registrations))
    }

    /// What rules can ask of a notice that was written before, for each registration on whose behalf it is told.
    func traits(ofNotice id: Int64) throws -> [NoticeTraits] {
        try session.memory.stored(id).map(traits) ?? []
    }

    /// The same, for those registrations alone on whose behalf `receiver` is told: those that ask for what is told or, where
    /// it hears of that instead of a milder stage, those that see it.
    func traits(ofNotice id: Int64, reaching receiver: String) throws -> [NoticeTraits] {
        guard let notice = try session.memory.stored(id) else { return [] }
        func reaching(_ registrations: some Sequence<String>) throws -> [NoticeTraits] {
            try traits(of: notice, for: registrations).filter { traits in
                plan.route.addressees(of: [traits]).contains { $0.receiver == receiver }
            }
        }
        let concerned = try registrations(concernedBy: notice)
        for registrations in [concerned, try watchers(of: notice)] {
            let found = try reaching(registrations)
            if !found.isEmpty { return found }
        }
        return try traits(of: notice, for: concerned)
    }

    /// Those of `addressees` that have no delivery of a notice that was written before.
    func without(_ addressees: [Addressee], thoseToldOf noticeID: Int64) throws -> [Addressee] {
        let told = try session.memory.receivers(of: noticeID)
        return addressees.filter { !told.contains($0.receiver) }
    }

    private func traits(of notice: NoticeMemory.Stored) throws -> [NoticeTraits] {
        try traits(of: notice, for: registrations(concernedBy: notice))
    }

    private func traits(
        of notice: NoticeMemory.Stored, for registrations: some Sequence<String>
    ) throws -> [NoticeTraits] {
        let subject = try notice.fingerprint.flatMap(session.objects.name)
        return registrations.map { registration in
            plan.traits(
                ofNoticeFor: registration, severity: notice.severity, code: notice.subject.findingCode,
                fingerprint: notice.fingerprint, subject: subject)
        }
    }

    private func registrations(concernedBy notice: NoticeMemory.Stored, orMilder: Bool = false) throws -> [String] {
        guard let fingerprint = notice.fingerprint,
            let standing = try StandingReader(session: session).standing(of: fingerprint)
        else { return [notice.registration] }
        var stages = notice.stages
        if orMilder, let stage = stages.max() {
            let ladder = plan.ladder(for: standing.kind, standing.validity, watchedBy: standing.watchers)
            stages.formUnion(ladder.stages.filter { $0 < stage })
        }
        let concerned = plan.registrations(
            askingFor: stages, of: standing.kind, standing.validity, among: standing.watchers)
        return concerned.isEmpty ? [notice.registration] : concerned.map(\.name)
    }

    private func watchers(of notice: NoticeMemory.Stored) throws -> [String] {
        guard let fingerprint = notice.fingerprint else { return [] }
        return try StandingReader(session: session).standing(of: fingerprint)?.watchers.sorted() ?? []
    }
}
