import Certificates
import ExpiryRules

/// Finds the addressees of notices, inside a transaction.
struct NoticeRouter {
    let session: any SQLSession
    let plan: WatchPlan

    /// The addressees of a notice that is not written yet. `name` is the name of its certificate or list for people.
    func addressees(of draft: NoticeDraft, about name: String?) -> [Addressee] {
        plan.route.addressees(
            of: (draft.onBehalfOf.isEmpty ? [draft.registration] : draft.onBehalfOf).map { registration in
                plan.traits(
                    ofNoticeFor: registration, severity: draft.severity, code: draft.subject.findingCode,
                    fingerprint: draft.fingerprint, subject: name)
            })
    }

    /// The addressees of a stored notice by the current routes. With `orMilder`, this includes those of registrations
    /// that have a milder stage and get this one instead.
    func addressees(ofNotice id: Int64, orMilder: Bool = false, at now: Instant) throws -> [Addressee] {
        guard let notice = try session.memory.stored(id) else { return [] }
        if notice.subject.findingCode?.concern == .receiver, let receiver = notice.subject.place {
            return try session.receivers.fallbacks(for: receiver)
        }
        let registrations = try registrations(concernedBy: notice, orMilder: orMilder)
        return plan.route.addressees(of: try traits(of: notice, for: registrations))
    }

    /// The traits of a stored notice, for each registration whose receivers get it.
    func traits(ofNotice id: Int64) throws -> [NoticeTraits] {
        try session.memory.stored(id).map(traits) ?? []
    }

    /// The same, only for the registrations that make `receiver` an addressee: those that have the stage or, if the
    /// receiver gets it instead of a milder stage, those that see the certificate.
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

    /// The addressees without a delivery of the stored notice.
    func without(_ addressees: [Addressee], thoseToldOf noticeID: Int64) throws -> [Addressee] {
        let notified = try session.memory.receivers(of: noticeID)
        return addressees.filter { !notified.contains($0.receiver) }
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
