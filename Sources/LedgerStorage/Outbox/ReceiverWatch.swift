import Certificates
import ExpiryRules

/// Sees to it that somebody hears of a receiver that refuses what it is sent, or says that it is gone: a finding, told to
/// the fallback in the transaction that learns of it. It is over when nothing that was refused waits any more.
///
/// It never goes round in circles: there is one finding a receiver, none is told to the receiver that it is about, and one
/// that stands is told again at most once an hour, when more has been refused meanwhile.
struct ReceiverWatch {
    let session: any SQLSession
    let now: Instant

    /// Between two messages about one receiver.
    private static let pause = TimeSpan.hours(1)
    /// How many of the notices that wait are named.
    private static let exampleLimit = 5

    /// Marks deliveries that were refused just now. That another receiver refuses is no news of its own: two that refuse
    /// would tell of each other for ever.
    func noteRefusal(of deliveries: [Int64]) throws {
        try session.execute(
            """
            UPDATE deliveries SET refused = CASE WHEN EXISTS (
                    SELECT 1 FROM notices n WHERE n.id = deliveries.notice_id AND substr(n.subject, 1, length($1)) = $1)
                THEN 1 ELSE coalesce(refused, 0) END
            WHERE id IN (\(SQLList.elements(of: "$2")))
            """,
            [
                .text(
                    NoticeSubject.finding(
                        registration: Finding.machine, code: .receiverRefusing, place: ""
                    ).text), .list(deliveries),
            ])
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
        let waiting = try waiting(for: receiver)
        guard absence != nil || waiting.count > 0 else { return try close(receiver) }
        let lastTold = try lastTold(of: receiver)
        let isNews = lastTold.map { waiting.unnamed > 0 && ($0 + Self.pause <= now || now < $0) } ?? true
        let findings = FindingRows(session: session, now: now)
        let finding = finding(receiver, absence: absence, waiting: waiting)
        if isNews, lastTold != nil { try findings.beginAnew(finding) }
        let draft = try findings.open(finding)
        guard isNews else { return }
        _ = try NoticeRows(session: session, now: now).tell(draft, to: understudies(of: receiver))
        try session.execute(
            "UPDATE deliveries SET refused = 1 WHERE receiver = $1 AND refused = 0 AND \(DeliveryState.isOpenInSQL)",
            [.text(receiver)])
    }

    /// Closes the finding of a receiver that has taken something, if nothing that it refused waits any more.
    func closeIfOver(_ receiver: String) throws {
        guard try lastTold(of: receiver) != nil, try reasonOfAbsence(of: receiver) == nil,
            try !anythingWaits(for: receiver)
        else { return }
        try close(receiver)
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

    /// Who hears that `receiver` refuses: the fallback or, where it is missing, gone or the refusing one itself, those who
    /// hear of what no rule matches.
    func understudies(of receiver: String) throws -> [Addressee] {
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

    private struct Waiting {
        var count = 0
        /// Of them, those that no message about the receiver has named or counted.
        var unnamed = 0
        var examples: [String] = []
        /// What it said to the one that was refused last.
        var answer: String?
    }

    /// A condition on a delivery `d`: the receiver `$1` has refused it, and it waits for that receiver. What a silence holds
    /// waits for its end.
    private static let waitsInSQL =
        "d.receiver = $1 AND d.refused IS NOT NULL AND d.held_by IS NULL AND d.\(DeliveryState.isOpenInSQL)"

    /// Asked after each delivery: costs one look into an index, however much waits.
    private func anythingWaits(for receiver: String) throws -> Bool {
        try session.first("SELECT 1 FROM deliveries d WHERE \(Self.waitsInSQL) LIMIT 1", [.text(receiver)]) { _ in true
        }
            ?? false
    }

    private func waiting(for receiver: String) throws -> Waiting {
        let condition = Self.waitsInSQL
        var waiting =
            try session.first(
                "SELECT count(*), count(CASE WHEN d.refused = 0 THEN 1 END) FROM deliveries d WHERE \(condition)",
                [.text(receiver)]
            ) { Waiting(count: Int($0.integer(0) ?? 0), unnamed: Int($0.integer(1) ?? 0)) } ?? Waiting()
        guard waiting.count > 0 else { return waiting }
        waiting.examples = try session.query(
            """
            SELECT n.registration, n.kind, n.stage, n.subject, \(ObjectRows.nameColumns) FROM deliveries d
            JOIN notices n ON n.id = d.notice_id LEFT JOIN certificates c ON c.fingerprint = n.fingerprint
            WHERE \(condition) ORDER BY d.refused, \(Severity.rankInSQL("n.severity")) DESC, n.id LIMIT $2
            """, [.text(receiver), SQLValue(Self.exampleLimit)]
        ) { row in
            let subject = NoticeSubject(text: row.text(3) ?? "")
            let stage = row.integer(2).flatMap { $0 > 0 ? Stage(secondsBefore: $0).description : nil }
            let kind = (row.text(1) ?? "").replacing("_", with: " ")
            let name = ObjectRows.name(from: row, at: 4).prefix(200)
            let about = subject.findingCode.map(\.rawValue) ?? (name.isEmpty ? nil : "\"\(name)\"")
            let notice = [kind, stage].compactMap(\.self).joined(separator: " ")
            return "\(row.text(0) ?? ""): \(about.map { "\($0) (\(notice))" } ?? notice)"
        }
        waiting.answer =
            try session.first(
                """
                SELECT a.detail FROM deliveries d JOIN attempts a ON a.delivery_id = d.id
                WHERE \(condition) AND a.outcome IS NOT NULL ORDER BY a.started_at DESC, a.number DESC LIMIT 1
                """, [.text(receiver)]
            ) { $0.text(0) } ?? nil
        return waiting
    }

    private func finding(_ receiver: String, absence: String?, waiting: Waiting) -> Finding {
        let count = waiting.count == 0 ? "nothing" : counted(waiting.count, "notice")
        let trouble =
            absence.map { "the receiver \(receiver) says that it is gone (\($0.prefix(300)))" }
            ?? "the receiver \(receiver) refuses what it is sent\(waiting.answer.map { " (\($0.prefix(300)))" } ?? "")"
        let more = waiting.count - waiting.examples.count
        let list =
            waiting.examples.isEmpty
            ? "" : ": \(waiting.examples.joined(separator: "; "))\(more > 0 ? "; and \(more) more" : "")"
        return Finding(
            registration: Finding.machine, code: .receiverRefusing, place: receiver,
            severity: FindingCode.receiverRefusing.severity,
            message: """
                \(trouble); \(count) \(waiting.count > 1 ? "wait" : "waits") for it\(list). \
                \(FindingCode.receiverRefusing.remedy)
                """)
    }
}

/// Who hears that a receiver refuses, the lowest first. Raw values stand in the ledger.
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
