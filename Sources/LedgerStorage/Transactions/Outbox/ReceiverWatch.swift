import Certificates
import ExpiryRules

/// Sees to it that somebody hears of a receiver that refuses what it is sent, or says that it is gone: a finding, told to
/// the fallback in the transaction that learns of it. It is over when the receiver has taken something and nothing that
/// it refused waits any more; a new stage in place of the refused one is no end of it.
///
/// It never goes round in circles: there is one finding a receiver, none is told to the receiver that it is about, and one
/// that stands is told again at most once an hour, when more has been refused meanwhile.
struct ReceiverWatch {
    let session: any SQLSession
    let now: Instant

    /// Between two messages about one receiver.
    private static let pause = ReachabilityRule.pause

    /// Opens the finding of one receiver, or renews it when that may be told again. Its sentence is renewed before the next
    /// messages are sent.
    func reconsiderIfNews(_ receiver: String) throws {
        if let last = try lastTold(of: receiver), last <= now, now < last + Self.pause { return }
        try reconsider(receiver)
    }

    /// Opens, renews or closes the findings of all receivers that there are or were.
    func reconsiderAll() throws {
        for receiver in try ReceiverStanding(session: session).refusing() { try reconsider(receiver) }
    }

    /// Opens, renews or closes the finding of one receiver, by how it stands now.
    func reconsider(_ receiver: String) throws {
        let absence = try reasonOfAbsence(of: receiver)
        let waiting = try WaitingNotices(.refused, for: receiver, in: session)
        guard absence != nil || waiting.count > 0 else { return try closeIfOver(receiver) }
        let lastTold = try lastTold(of: receiver)
        let isNews = lastTold.map { waiting.unnamed > 0 && ($0 + Self.pause <= now || now < $0) } ?? true
        let findings = FindingRecorder(session: session, now: now)
        let finding = finding(receiver, absence: absence, waiting: waiting)
        if isNews, lastTold != nil { try findings.beginAnew(finding) }
        let draft = try findings.open(finding)
        guard isNews else { return }
        _ = try NoticeRecorder(session: session, now: now)
            .tell(draft, to: session.receivers.fallbacks(for: receiver))
        try session.deliveries.markRefusalsReported(for: receiver)
    }

    /// Closes the finding of a receiver that has just taken something, if nothing that it refused waits any more.
    func closeIfNothingRefusedWaits(for receiver: String) throws {
        guard try lastTold(of: receiver) != nil, try reasonOfAbsence(of: receiver) == nil,
            try !WaitingNotices.areAny(.refused, for: receiver, in: session)
        else { return }
        try close(receiver)
    }

    /// Closes the finding of a receiver for which nothing waits that it refused. What it refused may have given way to a
    /// later stage, or expired: that is no end, unless the receiver has taken something since.
    private func closeIfOver(_ receiver: String) throws {
        guard let told = try lastTold(of: receiver) else { return }
        guard try ReceiverStanding(session: session).hasMissedAll(receiver, since: told) else {
            return try close(receiver)
        }
    }

    private func close(_ receiver: String) throws {
        _ = try FindingRecorder(session: session, now: now).close(Self.key(receiver))
    }

    /// When the finding was told that is open; nil when none is.
    private func lastTold(of receiver: String) throws -> Instant? {
        try session.findings.openSince(Self.key(receiver))
    }

    private static func key(_ receiver: String) -> FindingTable.Key {
        FindingTable.Key(registration: Finding.machine, code: .receiverRefusing, place: receiver)
    }

    /// Why nothing is sent to `receiver` any more; nil while it is only refusing, or is no receiver.
    private func reasonOfAbsence(of receiver: String) throws -> String? {
        let reason = try session.receivers.disabledReason(of: receiver)
        // Whatever is decided for it from now on waits as well, without ever being tried.
        if reason != nil { try session.deliveries.noteRefusalOfAll(for: receiver) }
        return reason
    }

    private func finding(_ receiver: String, absence: String?, waiting: WaitingNotices) -> Finding {
        // A secret or key of ours that cannot be read holds messages as a refusal does; the receiver knows nothing of it.
        let refusal =
            switch waiting.lastAttempt?.outcome {
            case .notSent: "messages to the receiver \(receiver) cannot be sent\(waiting.answerClause)"
            case .delivered, .rejected, .unknown, nil:
                "the receiver \(receiver) refuses messages\(waiting.answerClause)"
            }
        let trouble = absence.map { "the receiver \(receiver) says that it is gone (\($0.prefix(300)))" } ?? refusal
        return Finding(
            registration: Finding.machine, code: .receiverRefusing, place: receiver,
            severity: FindingCode.receiverRefusing.severity,
            message: "\(trouble); \(waiting.clause). \(FindingCode.receiverRefusing.remedy)")
    }
}
