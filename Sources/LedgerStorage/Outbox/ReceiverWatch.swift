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

    /// Marks deliveries that were refused just now. That another receiver refuses is no news of its own: two that refuse
    /// would tell of each other for ever.
    func noteRefusal(of deliveries: [Int64]) throws {
        try session.execute(
            """
            UPDATE deliveries SET refused = CASE WHEN EXISTS (
                    SELECT 1 FROM notices n WHERE n.id = deliveries.notice_id AND \(NoticeSubject.isOfReceiverInSQL))
                THEN 1 ELSE coalesce(refused, 0) END
            WHERE id IN (\(SQLList.elements(of: "$1")))
            """, [.list(deliveries)])
    }

    /// Opens the finding of one receiver, or renews it when that may be told again. Its sentence is renewed before the next
    /// messages are sent.
    func reconsiderIfNews(_ receiver: String) throws {
        if let last = try lastTold(of: receiver), last <= now, now < last + Self.pause { return }
        try reconsider(receiver)
    }

    /// Opens, renews or closes the findings of all receivers that there are or were.
    func reconsiderAll() throws {
        let receivers = try session.query(
            """
            SELECT name FROM receivers WHERE disabled_because IS NOT NULL
            UNION SELECT receiver FROM deliveries WHERE refused IS NOT NULL AND \(DeliveryState.isOpenInSQL)
            UNION SELECT place FROM findings WHERE registration = $1 AND code = $2 AND closed_at IS NULL
            """, [.text(Finding.machine), .text(FindingCode.receiverRefusing.rawValue)]
        ) { $0.text(0) ?? "" }
        for receiver in receivers { try reconsider(receiver) }
    }

    /// Opens, renews or closes the finding of one receiver, by how it stands now.
    func reconsider(_ receiver: String) throws {
        let absence = try reasonOfAbsence(of: receiver)
        let waiting = try WaitingNotices(.refused, for: receiver, in: session)
        guard absence != nil || waiting.count > 0 else { return try closeIfOver(receiver) }
        let lastTold = try lastTold(of: receiver)
        let isNews = lastTold.map { waiting.unnamed > 0 && ($0 + Self.pause <= now || now < $0) } ?? true
        let findings = FindingRows(session: session, now: now)
        let finding = finding(receiver, absence: absence, waiting: waiting)
        if isNews, lastTold != nil { try findings.beginAnew(finding) }
        let draft = try findings.open(finding)
        guard isNews else { return }
        _ = try NoticeRows(session: session, now: now).tell(draft, to: fallbackReceivers(of: receiver))
        try session.execute(
            "UPDATE deliveries SET refused = 1 WHERE receiver = $1 AND refused = 0 AND \(DeliveryState.isOpenInSQL)",
            [.text(receiver)])
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
        let standing = try session.first(
            """
            SELECT r.taken_at,
                EXISTS(SELECT 1 FROM deliveries d WHERE d.receiver = $1 AND d.held_by IS NULL
                    AND d.\(DeliveryState.isOpenInSQL))
                OR EXISTS(SELECT 1 FROM deliveries d
                    WHERE d.receiver = $1 AND d.state = 'expired' AND d.settled_at >= $2)
            FROM receivers r WHERE r.name = $1
            """, [.text(receiver), .integer(told.seconds)]
        ) { (takenAt: $0.integer(0) ?? 0, isMissed: $0.integer(1) == 1) }
        guard let standing, standing.takenAt <= told.seconds, standing.isMissed else { return try close(receiver) }
    }

    private func close(_ receiver: String) throws {
        _ = try FindingRows(session: session, now: now)
            .close(registration: Finding.machine, code: .receiverRefusing, place: receiver)
    }

    /// When the finding that stands was told; nil when none stands.
    private func lastTold(of receiver: String) throws -> Instant? {
        try session.first(
            "SELECT first_seen FROM findings WHERE registration = $1 AND code = $2 AND place = $3 AND closed_at IS NULL",
            [.text(Finding.machine), .text(FindingCode.receiverRefusing.rawValue), .text(receiver)]
        ) { Instant(seconds: $0.integer(0) ?? 0) }
    }

    /// Receivers that are told of trouble with `receiver`: the fallback or, where it is missing, gone or `receiver` itself,
    /// those of `route.receivers`.
    func fallbackReceivers(of receiver: String) throws -> [Addressee] {
        try session.query(
            """
            SELECT name, fallback_rank FROM receivers
            WHERE name <> $1 AND disabled_because IS NULL AND fallback_rank = (
                SELECT min(fallback_rank) FROM receivers WHERE name <> $1 AND disabled_because IS NULL)
            ORDER BY name
            """, [.text(receiver)]
        ) { row in
            Addressee(
                receiver: row.text(0) ?? "",
                namedBy: row.integer(1).flatMap(FallbackRank.init(rawValue:))?.name ?? "the ledger")
        }
    }

    /// Why nothing is sent to `receiver` any more; nil while it is only refusing, or is no receiver.
    private func reasonOfAbsence(of receiver: String) throws -> String? {
        let reason = try session.first(
            "SELECT disabled_because FROM receivers WHERE name = $1 AND disabled_because IS NOT NULL", [.text(receiver)]
        ) { $0.text(0) ?? "" }
        if reason != nil {
            // Whatever is decided for it from now on waits as well, without ever being tried.
            try session.execute(
                """
                UPDATE deliveries SET refused = 0
                WHERE receiver = $1 AND refused IS NULL AND \(DeliveryState.isOpenInSQL) AND state <> 'sending'
                """, [.text(receiver)])
        }
        return reason
    }

    private func finding(_ receiver: String, absence: String?, waiting: WaitingNotices) -> Finding {
        let trouble =
            absence.map { "the receiver \(receiver) says that it is gone (\($0.prefix(300)))" }
            ?? "the receiver \(receiver) refuses what it is sent\(waiting.answerClause)"
        return Finding(
            registration: Finding.machine, code: .receiverRefusing, place: receiver,
            severity: FindingCode.receiverRefusing.severity,
            message: "\(trouble); \(waiting.clause). \(FindingCode.receiverRefusing.remedy)")
    }
}

/// Who hears of a receiver's trouble, the lowest first. Raw values stand in the ledger.
enum FallbackRank: Int64 {
    case fallback = 1
    case rest = 2

    /// For people.
    var name: String {
        switch self {
        case .fallback: "route.fallback"
        case .rest: "route.receivers, for want of a fallback"
        }
    }
}
