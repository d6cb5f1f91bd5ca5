import Certificates
import ExpiryRules

/// Reconsiders certificates and lists: decides whether they are still watched, and which notices are due.
struct StandingWriter {
    let session: any SQLSession
    let plan: WatchPlan
    let now: Instant

    /// Reconsiders all certificates and lists that a change in `registration` affects.
    func reconsider(_ affected: AffectedCertificates, in registration: String) throws -> [Int64] {
        var noticeIDs: [Int64] = []
        var new: [Watched] = []
        let renewals = try LineageReader(session: session).withRelatives(
            affected.new.compactMap(\.certificate).map(\.fingerprint), in: registration)
        for object in affected.new {
            if renewals.contains(object.fingerprint), let ended = try endPredecessor(of: object, in: registration) {
                noticeIDs += try reconsider(ended, leftOrJoinedBy: registration)
                guard ended != object.fingerprint else { continue }
            }
            new.append(Self.watched(new: object, in: registration))
        }
        noticeIDs += try notify(new.map { ($0, decision(on: $0)) })
        for fingerprint in affected.known.sorted() {
            if let object = try session.objects.object(fingerprint),
                let ended = try endPredecessor(of: object, in: registration), ended != fingerprint
            {
                noticeIDs += try reconsider(ended, leftOrJoinedBy: registration)
            }
            noticeIDs += try reconsider(fingerprint, leftOrJoinedBy: registration)
            try notifyReceivers(of: registration, what: fingerprint)
        }
        return noticeIDs
    }

    /// Reconsiders an object that `registration` sees now or no longer sees. Skips it if another registration that sees
    /// the object has the same stages, since nothing changes then. For a certificate that ten thousand endpoints share
    /// this avoids a quadratic number of decisions.
    func reconsider(_ fingerprint: Fingerprint, leftOrJoinedBy registration: String) throws -> [Int64] {
        let others = try StandingReader(session: session).fellowWatchers(of: fingerprint, besides: registration)
        let isVouchedFor = others.contains { plan.asks(registration, noMoreThan: $0.registration, of: $0.kind) }
        return isVouchedFor ? [] : try reconsider(fingerprint)
    }

    /// Sends an open stage that was decided before `registration` saw the object to the receivers of `registration` as
    /// well, if it has that stage or a milder one. Otherwise an earlier registration of the same certificate would
    /// suppress its notice.
    private func notifyReceivers(of registration: String, what fingerprint: Fingerprint) throws {
        let router = NoticeRouter(session: session, plan: plan)
        guard !plan.route.rules.isEmpty, let kind = try session.objects.object(fingerprint)?.kind,
            let notice = try session.memory.openStage(of: .object(fingerprint, kind))
        else { return }
        let traits = plan.traits(
            ofNoticeFor: registration, severity: notice.severity, fingerprint: fingerprint,
            subject: try session.objects.name(of: fingerprint))
        let unnotified = try router.without(plan.route.addressees(of: [traits]), thoseToldOf: notice.id)
        // The remaining conditions cost more, and usually all receivers have the notice already.
        guard !unnotified.isEmpty, try !session.memory.wasDecided(notice.id, inSightOf: registration),
            let standing = try StandingReader(session: session).standing(of: fingerprint),
            standing.watchers.contains(registration),
            plan.ladder(for: standing.kind, standing.validity, watchedBy: [registration])
                .stage(expiry: standing.expiry, at: now) != nil
        else { return }
        try session.deliveries.enqueue(noticeID: notice.id, to: unnotified, at: now)
    }

    /// Reconsiders one certificate or list, and stores the time of its next decision.
    ///
    /// - Returns: the ids of the notices that were decided.
    func reconsider(_ fingerprint: Fingerprint) throws -> [Int64] {
        guard let standing = try StandingReader(session: session).standing(of: fingerprint) else { return [] }
        guard !standing.watchers.isEmpty else {
            guard standing.hasEnded else { return try end(standing) }
            try session.certificates.setNextDue(nil, of: fingerprint)
            return []
        }
        if let heldUntil = standing.isHeld(at: now) {
            try session.certificates.setNextDue(heldUntil, of: fingerprint)
            return []
        }
        let episode = try openEpisode(of: standing)
        let watched = Watched(
            fingerprint: fingerprint, kind: standing.kind, validity: standing.validity, expiry: standing.expiry,
            episode: episode, watchers: standing.watchers,
            notified: try session.memory.notifiedStages(of: standing.subject, episode: episode), name: standing.name,
            wasSeenBefore: true)
        try cancelStagesWithoutThreshold(of: watched)
        let decision = decision(on: watched)
        let noticeIDs = try notify([(watched, decision)])
        let reminder = try reminder(of: watched)
        try session.certificates.setNextDue(
            [decision.next, reminder.next].compactMap(\.self).min(), of: fingerprint)
        return try noticeIDs + remind(reminder, of: watched)
    }

    /// Reconsiders an object whose expiry was `former` until now. If it expires later now, notices that were too early
    /// are withdrawn, and their stages are sent again in time.
    func reconsider(_ fingerprint: Fingerprint, thoughtToEnd former: Expiry) throws -> [Int64] {
        guard let standing = try StandingReader(session: session).standing(of: fingerprint),
            case .at(let former) = former, standing.expiry != .at(former), !standing.watchers.isEmpty,
            !standing.hasEnded
        else { return try reconsider(fingerprint) }
        let notified = try session.memory.notifiedStages(of: standing.subject, episode: standing.episode).max()
        let stage = plan.ladder(for: standing.kind, standing.validity, watchedBy: standing.watchers)
            .stage(expiry: standing.expiry, at: now)
        guard let notified, stage.map({ $0 < notified }) ?? true, standing.expiry.isLater(than: former) else {
            return try reconsider(fingerprint)
        }
        return try beginAnew(standing, because: .renewed)
    }

    /// Withdraws notices of stages that begin after `instant`. They are sent again when their time comes.
    ///
    /// If the clock is earlier than the certificate's notBefore, it is wrong as well, and nothing is withdrawn.
    ///
    /// - Returns: the ids of the notices that were decided; none if no notice was too early.
    func withdrawStagesAhead(of instant: Instant, about fingerprint: Fingerprint) throws -> [Int64] {
        guard let standing = try StandingReader(session: session).standing(of: fingerprint),
            !standing.watchers.isEmpty, !standing.hasEnded, standing.validity.notBefore.map({ $0 <= now }) ?? true
        else { return [] }
        let notified = try session.memory.notifiedStages(of: standing.subject, episode: standing.episode).max()
        let stage = plan.ladder(for: standing.kind, standing.validity, watchedBy: standing.watchers)
            .stage(expiry: standing.expiry, at: instant)
        guard let notified, stage.map({ $0 < notified }) ?? true else { return [] }
        return try beginAnew(standing, because: .notifiedTooEarly)
    }

    /// Ends an episode with notices that were too early, and decides again in the next episode.
    private func beginAnew(_ standing: Standing, because reason: EndReason) throws -> [Int64] {
        let ending = SubjectEnding(
            subject: standing.subject, episode: standing.episode, because: reason, successor: nil)
        let noticeIDs = try ResolutionWriter(session: session, now: now).end(ending)
        try session.certificates.advanceEpisode(of: standing.fingerprint)
        return try noticeIDs + reconsider(standing.fingerprint)
    }

    /// The time of the next decision on an object that is seen for the first time.
    func nextDue(ofNew object: WatchedObject, in registration: String) -> Instant? {
        let watched = Self.watched(new: object, in: registration)
        // A stage that has begun is sent at once, and its reminders count from now.
        let notified = ladder(of: watched).stage(expiry: watched.expiry, at: now).map { stage in
            (last: ReminderSchedule.Telling(stage: stage, repetition: 0, decidedAt: now), first: now)
        }
        return [decision(on: watched).next, reminder(of: watched, notified: notified).next].compactMap(\.self).min()
    }

    /// An object that is seen for the first time needs no query.
    private static func watched(new object: WatchedObject, in registration: String) -> Watched {
        Watched(
            fingerprint: object.fingerprint, kind: object.kind, validity: object.validity,
            expiry: object.validity.expiry, episode: 0, watchers: [registration], notified: [], name: object.name,
            wasSeenBefore: false)
    }

    func ladder(of watched: Watched) -> StageLadder {
        plan.ladder(for: watched.kind, watched.validity, watchedBy: watched.watchers)
    }

    func decision(on watched: Watched) -> StageDecision {
        ladder(of: watched).decide(expiry: watched.expiry, notified: watched.notified, at: now)
    }

    /// Writes the notices of the stages that have begun.
    ///
    /// - Returns: the ids of the notices that were decided.
    func notify(_ decisions: [(watched: Watched, decision: StageDecision)]) throws -> [Int64] {
        var drafts: [(draft: NoticeDraft, name: String?)] = []
        var escalations: [NoticeDraft] = []
        var lastReading: Instant??
        for (watched, decision) in decisions {
            guard case .notify(let stage, let missed, _) = decision, case .at(let expiry) = watched.expiry
            else { continue }
            var draft = draft(of: stage, of: watched, expiry: expiry)
            draft.missed = missed
            // Registrations with a threshold for a missed stage get this notice instead.
            draft.onBehalfOf = registrations(askingFor: missed + [stage], of: watched).map(\.name)
            if !missed.isEmpty, watched.wasSeenBefore {
                let known = try lastReading ?? session.runs.lastFinish()
                lastReading = known
                draft.notObservedSince = known
            }
            drafts.append((draft, watched.name))
            if !watched.notified.isEmpty { escalations.append(draft) }
        }
        guard !drafts.isEmpty else { return [] }
        let notices = NoticeWriter(session: session, plan: plan, now: now)
        let noticeIDs = try notices.notify(drafts)
        try notices.supersedeMilderStages(than: escalations)
        return noticeIDs
    }

    private func draft(of stage: Stage, of watched: Watched, expiry: Instant) -> NoticeDraft {
        let spokesman = registrations(askingFor: [stage], of: watched).first
        return NoticeDraft(
            subject: watched.subject, kind: stage == .expired ? .expired : .expiring, stage: stage,
            episode: watched.episode, registration: spokesman?.name ?? watched.watchers.min() ?? "",
            fingerprint: watched.fingerprint, severity: ladder(of: watched).severity(of: stage),
            occurredAt: stage.beginning(for: expiry), usefulUntil: max(expiry, now) + NoticeDraft.usefulness)
    }

    private func registrations(askingFor stages: [Stage], of watched: Watched) -> [Registration] {
        plan.registrations(askingFor: Set(stages), of: watched.kind, watched.validity, among: watched.watchers)
    }

    /// Whether a reminder of the current stage of `watched` is due. It depends on when the stage was decided, so call
    /// it after new notices were written.
    private func reminder(of watched: Watched) throws -> ReminderDecision {
        guard plan.reminders(watchedBy: watched.watchers) != nil,
            let stage = ladder(of: watched).stage(expiry: watched.expiry, at: now)
        else { return .hold(next: nil) }
        return reminder(
            of: watched,
            notified: try session.memory.telling(of: stage, about: watched.subject, episode: watched.episode))
    }

    private func reminder(
        of watched: Watched, notified: (last: ReminderSchedule.Telling, first: Instant)?
    ) -> ReminderDecision {
        guard let schedule = plan.reminders(watchedBy: watched.watchers), case .at(let expiry) = watched.expiry,
            let notified
        else { return .hold(next: nil) }
        return schedule.decide(
            notified.last, on: ladder(of: watched), expiry: expiry,
            until: max(expiry, notified.first) + NoticeDraft.usefulness, at: now)
    }

    private func remind(_ decision: ReminderDecision, of watched: Watched) throws -> [Int64] {
        guard case .remind(let repetition, let since, _) = decision, case .at(let expiry) = watched.expiry,
            let stage = ladder(of: watched).stage(expiry: watched.expiry, at: now)
        else { return [] }
        var draft = draft(of: stage, of: watched, expiry: expiry)
        draft.repetition = repetition
        draft.onBehalfOf = registrationsToRemind(of: watched).map(\.name)
        guard !draft.onBehalfOf.isEmpty else { return [] }
        draft.occurredAt = since
        let notices = NoticeWriter(session: session, plan: plan, now: now)
        let noticeIDs = try notices.notify(draft)
        try notices.supersedeEarlierReminders(than: draft)
        return noticeIDs
    }

    /// The registrations with reminders that have reached one of their own stages, so that reminders of one
    /// registration do not go to the receivers of another.
    private func registrationsToRemind(of watched: Watched) -> [Registration] {
        plan.registrations.filter { registration in
            guard registration.reminders != nil, watched.watchers.contains(registration.name) else { return false }
            return plan.ladder(for: watched.kind, watched.validity, watchedBy: [registration.name])
                .stage(expiry: watched.expiry, at: now) != nil
        }
    }

    /// Cancels unsent notices of stages whose threshold was removed from the configuration. Sent notices stay.
    private func cancelStagesWithoutThreshold(of watched: Watched) throws {
        let wanted = ladder(of: watched).stages
        guard !watched.notified.isSubset(of: wanted) else { return }
        let cancelled = try session.notices.cancelStages(
            of: watched.subject, episode: watched.episode, butFor: Set(wanted))
        guard cancelled > 0 else { return }
        try session.deliveries.settleIrrelevant(
            [SubjectEpisode(subject: watched.subject, episode: watched.episode)], at: now)
    }

    /// Ends an object that no place shows any more or that is no longer needed: sent notices are resolved, unsent ones
    /// are cancelled.
    private func end(_ standing: Standing) throws -> [Int64] {
        let (because, successor) = try StandingReader(session: session).ending(of: standing.fingerprint)
        try session.certificates.end(standing.fingerprint, because: because, successor: successor, at: now)
        // Lists are large and short-lived, and one that comes back is read again. A certificate can come back without
        // that.
        if standing.kind == .revocationList { try session.encodings.forget(standing.fingerprint) }
        try session.silences.endAll(about: standing.fingerprint, at: now)
        let ending = SubjectEnding(
            subject: standing.subject, episode: standing.episode, because: because, successor: successor)
        return try ResolutionWriter(session: session, now: now).end(ending)
    }

    /// The episode of an object. One that is back begins a new episode, in which its stages are sent again. One that
    /// was only unregistered, for example because its registration was renamed, continues its episode, so that no
    /// notice is sent twice and unsent notices are revived.
    private func openEpisode(of standing: Standing) throws -> Int64 {
        guard let endedBecause = standing.endedBecause else { return standing.episode }
        let episode = endedBecause == .unregistered ? standing.episode : standing.episode + 1
        if endedBecause == .unregistered {
            try ResolutionWriter(session: session, now: now)
                .undoUnregistering(standing.subject, episode: episode)
        }
        try ResolutionWriter(session: session, now: now).withdrawEnds(of: standing.subject, before: episode)
        try session.certificates.reopen(standing.fingerprint, episode: episode, at: now)
        return episode
    }
}
