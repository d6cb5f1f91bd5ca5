import Certificates
import ExpiryRules

/// Reconsiders certificates and lists: whether they are still watched, and which stage is to be told.
struct StandingWriter {
    let session: any SQLSession
    let plan: WatchPlan
    let now: Instant

    /// Something that is watched, with all that a decision on it depends on besides the plan and the time.
    private struct Watched {
        let fingerprint: Fingerprint
        let kind: WatchedObject.Kind
        let validity: Validity
        /// When it really stops working.
        let expiry: Expiry
        let episode: Int64
        /// The registrations that see it.
        let watchers: Set<String>
        /// The stages that were decided before.
        let told: Set<Stage>
        /// Whether an earlier pass has seen it, or could have.
        let wasSeenBefore: Bool

        var subject: NoticeSubject { .object(fingerprint, kind) }
    }

    /// Reconsiders all that a change has touched in `registration`.
    func reconsider(_ affected: AffectedCertificates, in registration: String) throws -> [Int64] {
        var noticeIDs: [Int64] = []
        for object in affected.new {
            if let ended = try endPredecessor(of: object, in: registration) {
                noticeIDs += try reconsider(ended)
                guard ended != object.fingerprint else { continue }
            }
            let watched = Self.watched(new: object, in: registration)
            noticeIDs += try tell(decision(on: watched), of: watched)
        }
        for fingerprint in affected.known.sorted() {
            if let object = try ObjectRows(session: session).object(fingerprint),
                let ended = try endPredecessor(of: object, in: registration), ended != fingerprint
            {
                noticeIDs += try reconsider(ended)
            }
            noticeIDs += try reconsider(fingerprint)
            try tellPeople(of: registration, what: fingerprint)
        }
        return noticeIDs
    }

    /// What others were told before `registration` came to see it, its own people are told as well, if it asks for that
    /// stage or a milder one: nobody misses the end of his certificate because somebody else has registered it.
    private func tellPeople(of registration: String, what fingerprint: Fingerprint) throws {
        guard let standing = try StandingReader(session: session).standing(of: fingerprint),
            standing.watchers.contains(registration), standing.watchers.count > 1,
            plan.ladder(for: standing.kind, standing.validity, watchedBy: [registration])
                .stage(expiry: standing.expiry, at: now) != nil,
            let notice = try NoticeRows(session: session, now: now)
                .openStage(of: standing.subject, decidedWithout: registration)
        else { return }
        let traits = plan.traits(
            ofNoticeFor: registration, severity: notice.severity, fingerprint: fingerprint,
            subject: try NoticeRouter(session: session, plan: plan).subject(of: fingerprint))
        try OutboxWriter(session: session, now: now)
            .enqueue(noticeID: notice.id, to: plan.route.addressees(of: [traits]))
    }

    /// Reconsiders one certificate or list and stores when it must be looked at again.
    ///
    /// - Returns: the ids of the notices that were decided.
    func reconsider(_ fingerprint: Fingerprint) throws -> [Int64] {
        guard let standing = try StandingReader(session: session).standing(of: fingerprint) else { return [] }
        guard !standing.watchers.isEmpty else {
            guard standing.hasEnded else { return try end(standing) }
            try setNextDue(nil, of: fingerprint)
            return []
        }
        if let heldUntil = standing.isHeld(at: now) {
            try setNextDue(heldUntil, of: fingerprint)
            return []
        }
        let episode = try openEpisode(of: standing)
        let watched = Watched(
            fingerprint: fingerprint, kind: standing.kind, validity: standing.validity, expiry: standing.expiry,
            episode: episode, watchers: standing.watchers,
            told: try NoticeWriter(session: session, plan: plan, now: now)
                .stagesTold(of: standing.subject, episode: episode), wasSeenBefore: true)
        try cancelStagesThatNobodyAsksFor(of: watched)
        let decision = decision(on: watched)
        try setNextDue(decision.next, of: fingerprint)
        return try tell(decision, of: watched)
    }

    /// Reconsiders one that was thought to end at `former` so far. Where it ends later by now, what was told too early is
    /// taken back, and its stages are told again when they come.
    func reconsider(_ fingerprint: Fingerprint, thoughtToEnd former: Expiry) throws -> [Int64] {
        guard let standing = try StandingReader(session: session).standing(of: fingerprint),
            case .at(let former) = former, standing.expiry != .at(former), !standing.watchers.isEmpty,
            !standing.hasEnded
        else { return try reconsider(fingerprint) }
        let told = try NoticeWriter(session: session, plan: plan, now: now)
            .stagesTold(of: standing.subject, episode: standing.episode).max()
        let stage = plan.ladder(for: standing.kind, standing.validity, watchedBy: standing.watchers)
            .stage(expiry: standing.expiry, at: now)
        guard let told, stage.map({ $0 < told }) ?? true, standing.expiry.isLater(than: former) else {
            return try reconsider(fingerprint)
        }
        let ending = SubjectEnding(
            subject: standing.subject, episode: standing.episode, because: .renewed, successor: nil)
        let noticeIDs = try ResolutionWriter(session: session, now: now).end(ending)
        try session.execute(
            "UPDATE certificates SET episode = episode + 1 WHERE fingerprint = $1", [.blob(fingerprint.bytes)])
        return try noticeIDs + reconsider(fingerprint)
    }

    /// When something that is seen for the first time must be looked at again.
    func nextDue(ofNew object: WatchedObject, in registration: String) -> Instant? {
        decision(on: Self.watched(new: object, in: registration)).next
    }

    /// Of what is seen for the first time, everything is known without asking.
    private static func watched(new object: WatchedObject, in registration: String) -> Watched {
        Watched(
            fingerprint: object.fingerprint, kind: object.kind, validity: object.validity,
            expiry: object.validity.expiry, episode: 0, watchers: [registration], told: [], wasSeenBefore: false)
    }

    private func decision(on watched: Watched) -> StageDecision {
        plan.ladder(for: watched.kind, watched.validity, watchedBy: watched.watchers)
            .decide(expiry: watched.expiry, told: watched.told, at: now)
    }

    private func tell(_ decision: StageDecision, of watched: Watched) throws -> [Int64] {
        guard case .tell(let stage, let missed, _) = decision, case .at(let expiry) = watched.expiry
        else { return [] }
        let ladder = plan.ladder(for: watched.kind, watched.validity, watchedBy: watched.watchers)
        let notices = NoticeWriter(session: session, plan: plan, now: now)
        // Whoever asked for a stage that passed unseen hears of this one instead.
        let concerned = plan.registrations(
            askingFor: Set(missed + [stage]), of: watched.kind, watched.validity, among: watched.watchers)
        let spokesman = plan.registrations(
            askingFor: [stage], of: watched.kind, watched.validity, among: watched.watchers
        ).first
        let draft = NoticeDraft(
            subject: watched.subject, kind: stage == .expired ? .expired : .expiring, stage: stage,
            episode: watched.episode, registration: spokesman?.name ?? watched.watchers.min() ?? "",
            onBehalfOf: concerned.map(\.name), fingerprint: watched.fingerprint, severity: ladder.severity(of: stage),
            occurredAt: stage.beginning(for: expiry), missed: missed,
            notObservedSince: missed.isEmpty || !watched.wasSeenBefore ? nil : try notices.lastPassBeforeThisOne(),
            usefulUntil: max(expiry, now) + NoticeDraft.usefulness)
        let noticeIDs = try notices.tell(draft)
        if !watched.told.isEmpty { try notices.supersedeMilderStages(than: stage, of: draft) }
        return noticeIDs
    }

    /// Of a threshold that was taken out of the configuration, what is still unsent is cancelled; what was told stays told.
    private func cancelStagesThatNobodyAsksFor(of watched: Watched) throws {
        let wanted = plan.ladder(for: watched.kind, watched.validity, watchedBy: watched.watchers).stages
        guard !watched.told.isSubset(of: wanted) else { return }
        let list = wanted.map { String($0.secondsBefore) }.joined(separator: ", ")
        let cancelled = try session.execute(
            """
            UPDATE notices SET state = 'ended', ended_because = 'threshold_removed'
            WHERE subject = $1 AND episode = $2 AND state = 'open' AND kind = 'expiring' AND stage NOT IN (\(list))
            """, [.text(watched.subject.text), .integer(watched.episode)])
        guard cancelled > 0 else { return }
        try OutboxWriter(session: session, now: now)
            .settleIrrelevant(subject: watched.subject, episode: watched.episode)
    }

    /// No place shows it any more, or it is needed no longer: what was told is taken back, what is still unsent is
    /// cancelled.
    private func end(_ standing: Standing) throws -> [Int64] {
        let (because, successor) = try StandingReader(session: session).ending(of: standing.fingerprint)
        try session.execute(
            """
            UPDATE certificates SET ended_at = $1, ended_because = $2, successor = $3, next_due = NULL
            WHERE fingerprint = $4
            """,
            [
                .integer(now.seconds), .text(because.rawValue), SQLValue(successor?.bytes),
                .blob(standing.fingerprint.bytes),
            ])
        // Lists are large, short-lived and never known without being read; a certificate may come back unread.
        if standing.kind == .revocationList {
            try session.execute(
                "DELETE FROM encodings WHERE fingerprint = $1", [.blob(standing.fingerprint.bytes)])
        }
        let ending = SubjectEnding(
            subject: standing.subject, episode: standing.episode, because: because, successor: successor)
        return try ResolutionWriter(session: session, now: now).end(ending)
    }

    /// One that is back begins a new episode, in which its stages can be told again. One that was only unregistered, say
    /// because its registration was renamed, goes on where it was: nobody is told twice, and what was unsent is sent.
    private func openEpisode(of standing: Standing) throws -> Int64 {
        guard let endedBecause = standing.endedBecause else { return standing.episode }
        let episode = endedBecause == .unregistered ? standing.episode : standing.episode + 1
        if endedBecause == .unregistered {
            try ResolutionWriter(session: session, now: now)
                .undoUnregistering(standing.subject, episode: episode)
        }
        try ResolutionWriter(session: session, now: now).withdrawEnds(of: standing.subject, before: episode)
        try session.execute(
            """
            UPDATE certificates SET episode_since = CASE episode WHEN $1 THEN episode_since ELSE $2 END, episode = $1,
                ended_at = NULL, ended_because = NULL, successor = NULL
            WHERE fingerprint = $3
            """, [.integer(episode), .integer(now.seconds), .blob(standing.fingerprint.bytes)])
        return episode
    }

    private func setNextDue(_ next: Instant?, of fingerprint: Fingerprint) throws {
        try session.execute(
            "UPDATE certificates SET next_due = $1 WHERE fingerprint = $2",
            [SQLValue(next?.seconds), .blob(fingerprint.bytes)])
    }
}

extension StandingWriter {
    /// Looks for a certificate elsewhere in the registration that `certificate` renews, or that renews it, and ends the
    /// older one's observations there.
    ///
    /// Only a pair counts: where three or more share a name or a key, they are a fleet and not a lineage. And the newer
    /// one must have come later, or the older be missing: two that were there from the start are two clients.
    ///
    /// - Returns: the older one's fingerprint, if it ended.
    fileprivate func endPredecessor(of object: WatchedObject, in registration: String) throws -> Fingerprint? {
        guard let certificate = object.certificate else { return nil }
        let others = try session.query(
            """
            SELECT c.fingerprint FROM certificates c
            WHERE (c.lineage_names = $1 OR c.lineage_public_key = $2) AND c.fingerprint <> $3
                AND EXISTS (
                    SELECT 1 FROM observations o JOIN sources s ON s.id = o.source_id
                    WHERE o.fingerprint = c.fingerprint AND o.ended_at IS NULL AND s.registration = $4)
            LIMIT 2
            """,
            [
                SQLValue(certificate.lineageKey.names), .blob(certificate.lineageKey.publicKey),
                .blob(certificate.fingerprint.bytes), .text(registration),
            ]
        ) { $0.blob(0).flatMap(Fingerprint.init(bytes:)) }
        guard others.count == 1, let fingerprint = others[0],
            let other = try ObjectRows(session: session).certificate(fingerprint)
        else { return nil }
        let (mine, theirs) = (LineageMember(certificate), LineageMember(other))
        let (newer, older) = mine.outlives(theirs) ? (mine, theirs) : (theirs, mine)
        guard newer.succeeds(older, at: now), try appearedLater(newer, than: older, in: registration) else {
            return nil
        }
        try session.execute(
            """
            UPDATE observations SET ended_at = $1, ended_because = 'renewed', successor = $2
            WHERE fingerprint = $3 AND ended_at IS NULL
                AND source_id IN (SELECT id FROM sources WHERE registration = $4)
            """,
            [
                .integer(now.seconds), .blob(newer.fingerprint.bytes), .blob(older.fingerprint.bytes),
                .text(registration),
            ])
        return older.fingerprint
    }

    private func appearedLater(
        _ newer: LineageMember, than older: LineageMember, in registration: String
    ) throws -> Bool {
        try session.first(
            """
            SELECT 1 FROM certificates n, certificates o WHERE n.fingerprint = $1 AND o.fingerprint = $2
                AND (n.first_seen > o.first_seen OR NOT EXISTS (
                    SELECT 1 FROM observations p JOIN sources s ON s.id = p.source_id
                    WHERE p.fingerprint = o.fingerprint AND p.ended_at IS NULL AND p.absent_since IS NULL
                        AND s.registration = $3))
            """,
            [.blob(newer.fingerprint.bytes), .blob(older.fingerprint.bytes), .text(registration)]
        ) { _ in true } ?? false
    }
}
