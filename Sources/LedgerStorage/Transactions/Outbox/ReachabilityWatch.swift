import Certificates
import ExpiryRules

/// Opens, renews and closes the finding `receiver_unreachable` of receivers, by `ReachabilityRule`. The notice for the
/// fallback is written in the same transaction.
struct ReachabilityWatch {
    let session: any SQLSession
    let now: Instant

    /// How long a receiver may accept nothing, from the last reconciled configuration.
    static func patience(in session: any SQLSession) throws -> TimeSpan {
        let text = try session.meta.value(.unreachableAfter)
        return text.flatMap { Int64($0) }.map(TimeSpan.init(seconds:)) ?? ReachabilityRule.defaultPatience
    }

    /// Reviews every receiver that is failing or has an open finding.
    func reviewAll() throws {
        let receivers = Set(try session.receivers.failing())
            .union(try session.findings.openPlaces(.receiverUnreachable))
        for receiver in receivers.sorted() { try review(receiver, on: .review) }
    }

    /// Reviews a receiver after a failed attempt. If its finding is open already, only `reviewAll` updates it, once a
    /// pass, because counting the backlog at each attempt would cost too much.
    func reviewFailure(of receiver: String) throws {
        let standing = try standing(of: receiver, on: .review)
        guard standing.notifiedAt == nil else { return }
        try act(on: standing, of: receiver, on: .review)
    }

    func review(_ receiver: String, on occasion: ReachabilityRule.Occasion) throws {
        try act(on: standing(of: receiver, on: occasion), of: receiver, on: occasion)
    }

    private func act(
        on standing: ReachabilityRule.Standing, of receiver: String, on occasion: ReachabilityRule.Occasion
    ) throws {
        let rule = ReachabilityRule(patience: try Self.patience(in: session))
        switch rule.decide(standing, on: occasion, at: now) {
        case .nothing:
            break
        case .close:
            _ = try FindingRecorder(session: session, now: now).close(Self.key(.receiverUnreachable, receiver))
        case .update:
            _ = try FindingRecorder(session: session, now: now).open(finding(receiver, standing))
        case .notify:
            try notify(finding(receiver, standing))
        case .notifyAgain:
            let finding = try finding(receiver, standing)
            try FindingRecorder(session: session, now: now).beginAnew(finding)
            try notify(finding)
        }
    }

    private func notify(_ finding: Finding) throws {
        let draft = try FindingRecorder(session: session, now: now).open(finding)
        _ = try NoticeRecorder(session: session, now: now)
            .notify(draft, to: session.receivers.fallbacks(for: finding.place))
    }

    private static func key(_ code: FindingCode, _ receiver: String) -> FindingTable.Key {
        FindingTable.Key(registration: Finding.machine, code: code, place: receiver)
    }

    private func standing(
        of receiver: String, on occasion: ReachabilityRule.Occasion
    ) throws -> ReachabilityRule.Standing {
        var standing = ReachabilityRule.Standing()
        let known = try session.receivers.failingSince(receiver)
        standing.isConfigured = known != nil
        standing.failingSince = known ?? nil
        standing.notifiedAt = try session.findings.openSince(Self.key(.receiverUnreachable, receiver))
        standing.isKnownToRefuse = try session.findings.openSince(Self.key(.receiverRefusing, receiver)) != nil
        guard standing.failingSince != nil || standing.notifiedAt != nil || occasion == .expired else {
            return standing
        }
        standing.isAwaited = try WaitingNotices.areAny(.all, for: receiver, in: session)
        standing.hasLost = try lost(by: receiver, since: standing, limit: 1) > 0
        return standing
    }

    /// The number of notices that expired undelivered, up to `limit`, since the receiver began to fail or the finding
    /// was opened, whichever was earlier.
    private func lost(by receiver: String, since standing: ReachabilityRule.Standing, limit: Int64) throws -> Int {
        let since = [standing.failingSince, standing.notifiedAt].compactMap(\.self).min() ?? now
        return try ReceiverStanding(session: session).missed(by: receiver, since: since, upTo: limit)
    }

    private func finding(_ receiver: String, _ standing: ReachabilityRule.Standing) throws -> Finding {
        let waiting = try WaitingNotices(.all, for: receiver, in: session)
        let missed = standing.hasLost ? try lost(by: receiver, since: standing, limit: .max) : 0
        return Finding(
            registration: Finding.machine, code: .receiverUnreachable, place: receiver,
            severity: FindingCode.receiverUnreachable.severity,
            facts: .receiver(
                waiting.facts(of: receiver, .unreachable(since: standing.failingSince, expired: missed))))
    }
}
