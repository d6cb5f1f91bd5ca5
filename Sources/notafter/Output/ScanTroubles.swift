import Certificates
import Configuration
import Delivery
import ExpiryRules
import LedgerStorage
import Messages
import Monitor

/// The problems after a pass that need a person, as lines on stderr, which cron mails.
struct ScanTroubles {
    /// One trouble. A lasting condition has a topic. An event has none, since it occurs only once.
    private struct Trouble {
        /// The topic and its state. With `-q` the trouble is printed again only when the state has changed.
        var topic: (name: String, state: String)?
        let lines: [String]
    }

    private let troubles: [Trouble]

    init(of summary: PassSummary, ledger: Ledger, at ledgerFile: String, settings: Settings) async throws {
        let outbox = summary.outbox
        var troubles = [Trouble(lines: try await Self.unnotified(summary, ledger, settings))]
        if let fact = summary.clock.fact { troubles.append(Trouble(lines: [fact.english])) }
        troubles += Self.receivers(summary)
        troubles += summary.notRepeated.map { failure in
            Trouble(
                topic: ("open alerts of \(failure.receiver)", "not repeated"),
                lines: ["to \(failure.receiver), again: \(failure.detail)"])
        }
        if outbox.expired > 0 {
            let count = counted(outbox.expired, "delivery", plural: "deliveries")
            troubles.append(Trouble(lines: ["expired undelivered: \(count)"]))
        }
        if let access = LedgerAccess(ofFile: ledgerFile) {
            troubles.append(
                Trouble(topic: ("the ledger's mode", access.mode), lines: ["\(access.trouble): \(access.remedy)"]))
        }
        if let failure = summary.heartbeatFailure {
            troubles.append(Trouble(topic: ("heartbeat", "not taken"), lines: ["heartbeat: \(failure)"]))
        }
        self.troubles = troubles
    }

    /// All lines.
    var lines: [String] { troubles.flatMap(\.lines) }

    /// The lines that were not printed before: events, topics that changed since the last pass that printed something,
    /// and topics that are over.
    func news(in ledger: Ledger) async throws -> [String] {
        let topics = troubles.compactMap(\.topic)
        let now = Dictionary(topics.map { ($0.name, $0.state) }, uniquingKeysWith: { first, _ in first })
        let before = try await ledger.replaceRemarks(now, on: "scan -q")
        let news = troubles.filter { trouble in trouble.topic.map { before[$0.name] != $0.state } ?? true }
        let over = before.keys.filter { now[$0] == nil }.sorted()
        return news.flatMap(\.lines) + over.map { "over: \($0)" }
    }

    /// The failed attempts of this pass for each receiver, and its open deliveries.
    private static func receivers(_ summary: PassSummary) -> [Trouble] {
        let outbox = summary.outbox
        let failed = undelivered(summary.deliveries)
        let concerned =
            outbox.backlogs.map(\.receiver) + failed.map(\.receiver) + outbox.disabledReceivers
            + outbox.unreachableReceivers
        return Set(concerned).sorted().map { receiver in
            let backlog = outbox.backlogs.first { $0.receiver == receiver }
            let isGone = outbox.disabledReceivers.contains(receiver)
            let isUnreachable = outbox.unreachableReceivers.contains(receiver)
            var lines = failed.filter { $0.receiver == receiver }.map(\.line)
            if let backlog { lines.append(Self.line(backlog)) }
            if isUnreachable {
                lines.append("receiver \(receiver) accepts nothing: see `notafter test-notify \(receiver)`")
            }
            if isGone { lines.append("receiver \(receiver) is gone (HTTP 410); change its url") }
            let state =
                isGone
                ? "gone"
                : isUnreachable ? "accepts nothing" : (backlog?.parked ?? 0) > 0 ? "refuses" : "deliveries are open"
            return Trouble(topic: ("receiver \(receiver)", state), lines: lines)
        }
    }

    private static func line(_ backlog: ReceiverBacklog) -> String {
        let count = counted(backlog.open, "delivery", plural: "deliveries")
        let next = backlog.nextAttempt.map { ", next attempt at \($0)" } ?? ""
        return "still open: \(count) to \(backlog.receiver)\(next)"
    }

    /// Messages that this pass attempted and did not deliver. Messages with the same result are counted together.
    private static func undelivered(_ reports: [DeliveryReport]) -> [(receiver: String, line: String)] {
        let last = Dictionary(reports.map { ([$0.receiver, $0.messageID], $0) }, uniquingKeysWith: { $1 })
        var messages: [[String]: Int] = [:]
        for report in last.values where report.outcome != .delivered {
            messages[[report.receiver, report.detail], default: 0] += 1
        }
        return messages.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { key, count in
            (key[0], "to \(key[0]): \(key[1])\(count > 1 ? " (\(counted(count, "message")))" : "")")
        }
    }

    private static func unnotified(_ summary: PassSummary, _ ledger: Ledger, _ settings: Settings) async throws
        -> [String]
    {
        guard settings.route.receivers.isEmpty else { return [] }
        let plan = settings.plan
        return try await ledger.notices(summary.noticeIDs, at: summary.startedAt).map { facts in
            let text = MessageText.english(facts, registration: plan.registration(named: facts.registration))
            return "no receiver is configured, so this is not sent: \(text)"
        }
    }
}
