import Certificates
import ExpiryRules

/// Opens, renews and closes the finding `receiver_unreachable` of receivers, by `ReachabilityRule`. The fallback is told in
/// the transaction that finds it.
struct ReachabilityWatch {
    let session: any SQLSession
    let now: Instant

    private static let patienceKey = "unreachable_after"

    /// For how long a receiver may take nothing, as the configuration said last.
    static func patience(in session: any SQLSession) throws -> TimeSpan {
        let text = try session.first("SELECT value FROM meta WHERE name = $1", [.text(patienceKey)]) {
            $0.text(0) ?? ""
        }
        return text.flatMap { Int64($0) }.map(TimeSpan.init(seconds:)) ?? ReachabilityRule.defaultPatience
    }

    static func adopt(_ patience: TimeSpan, in session: any SQLSession) throws {
        try session.execute(
            "INSERT INTO meta(name, value) VALUES($1, $2) ON CONFLICT(name) DO UPDATE SET value = $2",
            [.text(patienceKey), .text(String(patience.seconds))])
    }

    /// Receivers of which it is told that they take nothing.
    static func told(in session: any SQLSession) throws -> [String] {
        try session.query(
            "SELECT place FROM findings WHERE registration = $1 AND code = $2 AND closed_at IS NULL ORDER BY place",
            [.text(Finding.machine), .text(FindingCode.receiverUnreachable.rawValue)]
        ) { $0.text(0) ?? "" }
    }

    /// Reviews every receiver that fails, or of which it is told.
    func reviewAll() throws {
        let failing = try session.query("SELECT name FROM receivers WHERE failing_since IS NOT NULL", []) {
            $0.text(0) ?? ""
        }
        for receiver in Set(failing).union(try Self.told(in: session)).sorted() { try review(receiver, on: .review) }
    }

    /// After a failed attempt. What is told already is brought up to date by `reviewAll`, once a pass: here it would cost a
    /// count of all that waits for each attempt.
    func reviewFailure(of receiver: String) throws {
        let standing = try standing(of: receiver, on: .review)
        guard standing.toldAt == nil else { return }
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
            _ = try FindingRows(session: session, now: now)
                .close(registration: Finding.machine, code: .receiverUnreachable, place: receiver)
        case .update:
            _ = try FindingRows(session: session, now: now).open(finding(receiver, standing))
        case .tell:
            try tell(finding(receiver, standing))
        case .tellAgain:
            let finding = try finding(receiver, standing)
            try FindingRows(session: session, now: now).beginAnew(finding)
            try tell(finding)
        }
    }

    private func tell(_ finding: Finding) throws {
        let draft = try FindingRows(session: session, now: now).open(finding)
        let addressees = try ReceiverWatch(session: session, now: now).fallbackReceivers(of: finding.place)
        _ = try NoticeRows(session: session, now: now).tell(draft, to: addressees)
    }

    private func standing(
        of receiver: String, on occasion: ReachabilityRule.Occasion
    ) throws -> ReachabilityRule.Standing {
        var standing = ReachabilityRule.Standing()
        let known = try session.first(
            "SELECT failing_since FROM receivers WHERE name = $1", [.text(receiver)]
        ) { $0.integer(0).map(Instant.init(seconds:)) }
        standing.isConfigured = known != nil
        standing.failingSince = known ?? nil
        let open = try session.query(
            """
            SELECT code, first_seen FROM findings
            WHERE registration = $1 AND code IN ($2, $3) AND place = $4 AND closed_at IS NULL
            """,
            [
                .text(Finding.machine), .text(FindingCode.receiverUnreachable.rawValue),
                .text(FindingCode.receiverRefusing.rawValue), .text(receiver),
            ]
        ) { (code: $0.text(0).flatMap(FindingCode.init(rawValue:)), since: Instant(seconds: $0.integer(1) ?? 0)) }
        standing.toldAt = open.first { $0.code == .receiverUnreachable }?.since
        standing.isKnownToRefuse = open.contains { $0.code == .receiverRefusing }
        guard standing.failingSince != nil || standing.toldAt != nil || occasion == .expired else { return standing }
        standing.isAwaited = try WaitingNotices.areAny(.all, for: receiver, in: session)
        standing.hasLost = try lost(by: receiver, since: standing, limit: 1) > 0
        return standing
    }

    /// How many notices expired undelivered, up to `limit`, since it was told that the receiver takes nothing, or since it
    /// fails.
    private func lost(by receiver: String, since standing: ReachabilityRule.Standing, limit: Int64) throws -> Int {
        let since = [standing.failingSince, standing.toldAt].compactMap(\.self).min() ?? now
        return try session.first(
            """
            SELECT count(*) FROM (SELECT 1 FROM deliveries d JOIN notices n ON n.id = d.notice_id
                WHERE d.receiver = $1 AND d.state = 'expired' AND d.settled_at >= $2 AND \(OutboxWriter.isMissedInSQL)
                LIMIT $3)
            """, [.text(receiver), .integer(since.seconds), .integer(limit)]
        ) { Int($0.integer(0) ?? 0) } ?? 0
    }

    private func finding(_ receiver: String, _ standing: ReachabilityRule.Standing) throws -> Finding {
        let waiting = try WaitingNotices(.all, for: receiver, in: session)
        let since = standing.failingSince.map { "the receiver \(receiver) has taken nothing since \($0)" }
        let trouble = since ?? "the receiver \(receiver) has not taken what was sent to it in time"
        let missed = standing.hasLost ? try lost(by: receiver, since: standing, limit: .max) : 0
        let lostClause = missed > 0 ? "; \(counted(missed, "notice")) expired undelivered" : ""
        return Finding(
            registration: Finding.machine, code: .receiverUnreachable, place: receiver,
            severity: FindingCode.receiverUnreachable.severity,
            message: """
                \(trouble)\(waiting.answerClause); \(waiting.clause)\(lostClause). \
                \(FindingCode.receiverUnreachable.remedy)
                """)
    }
}
