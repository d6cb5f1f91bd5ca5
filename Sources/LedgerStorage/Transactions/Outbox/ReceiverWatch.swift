import Certificates
import ExpiryRules

/// Opens, renews and closes the finding about a receiver that refuses messages or is gone. The notice for the fallback
/// is written in the transaction that records the refusal. The finding closes when the receiver has accepted a message
/// and no refused delivery is open. A new stage that supersedes the refused one does not close it.
///
/// To prevent loops, there is one finding for each receiver, it is never sent to the receiver that it is about, and an
/// open one is renewed at most once an hour, when more was refused meanwhile.
struct ReceiverWatch {
    let session: any SQLSession
    let now: Instant

    /// The shortest time between two notices about one receiver.
    private static let pause = ReachabilityRule.pause

    /// Opens the finding of one receiver, or renews it after the pause. During the pause its sentence is not updated
    /// here; `reconsiderAll` does that before the next messages are sent.
    func reconsiderIfNews(_ receiver: String) throws {
        if let last = try lastNotified(of: receiver), last <= now, now < last + Self.pause { return }
        try reconsider(receiver)
    }

    /// Opens, renews or closes the findings of all present and former receivers.
    func reconsiderAll() throws {
        for receiver in try ReceiverStanding(session: session).refusing() { try reconsider(receiver) }
    }

    /// Opens, renews or closes the finding of one receiver according to its current state.
    func reconsider(_ receiver: String) throws {
        let absence = try reasonOfAbsence(of: receiver)
        let waiting = try WaitingNotices(.refused, for: receiver, in: session)
        guard absence != nil || waiting.count > 0 else { return try closeIfOver(receiver) }
        let lastNotified = try lastNotified(of: receiver)
        let isNews = lastNotified.map { waiting.unnamed > 0 && ($0 + Self.pause <= now || now < $0) } ?? true
        let findings = FindingRecorder(session: session, now: now)
        let finding = finding(receiver, absence: absence, waiting: waiting)
        if isNews, lastNotified != nil { try findings.beginAnew(finding) }
        let draft = try findings.open(finding)
        guard isNews else { return }
        _ = try NoticeRecorder(session: session, now: now)
            .notify(draft, to: session.receivers.fallbacks(for: receiver))
        try session.deliveries.markRefusalsReported(for: receiver)
    }

    /// Closes the finding of a receiver that has just accepted a message, if no refused delivery is open.
    func closeIfNothingRefusedWaits(for receiver: String) throws {
        guard try lastNotified(of: receiver) != nil, try reasonOfAbsence(of: receiver) == nil,
            try !WaitingNotices.areAny(.refused, for: receiver, in: session)
        else { return }
        try close(receiver)
    }

    /// Closes the finding of a receiver without open refused deliveries. It stays open if the receiver has accepted
    /// nothing since and other deliveries wait or have expired: then the refused ones were only superseded or expired.
    private func closeIfOver(_ receiver: String) throws {
        guard let notified = try lastNotified(of: receiver) else { return }
        guard try ReceiverStanding(session: session).hasMissedAll(receiver, since: notified) else {
            return try close(receiver)
        }
    }

    private func close(_ receiver: String) throws {
        _ = try FindingRecorder(session: session, now: now).close(Self.key(receiver))
    }

    /// When the current episode of the open finding began; nil without an open finding.
    private func lastNotified(of receiver: String) throws -> Instant? {
        try session.findings.openSince(Self.key(receiver))
    }

    private static func key(_ receiver: String) -> FindingTable.Key {
        FindingTable.Key(registration: Finding.machine, code: .receiverRefusing, place: receiver)
    }

    /// Why nothing is sent to `receiver` any more; nil while it only refuses messages, or if it does not exist.
    private func reasonOfAbsence(of receiver: String) throws -> String? {
        let reason = try session.receivers.disabledReason(of: receiver)
        // New deliveries for it wait as well, although they are never attempted.
        if reason != nil { try session.deliveries.noteRefusalOfAll(for: receiver) }
        return reason
    }

    private func finding(_ receiver: String, absence: String?, waiting: WaitingNotices) -> Finding {
        // A secret or key of ours that cannot be read holds messages as a refusal does; the receiver does not know of it.
        let refusal: ReceiverFacts.Trouble =
            switch waiting.lastAttempt?.outcome {
            case .notSent: .cannotBeSent
            case .delivered, .rejected, .unknown, nil: .refuses
            }
        let trouble = absence.map { .gone(answer: String($0.prefix(WaitingNotices.answerLimit))) } ?? refusal
        return Finding(
            registration: Finding.machine, code: .receiverRefusing, place: receiver,
            severity: FindingCode.receiverRefusing.severity, facts: .receiver(waiting.facts(of: receiver, trouble)))
    }
}
