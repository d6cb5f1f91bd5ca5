import Certificates
import Configuration
import Delivery
import ExpiryRules
import LedgerStorage
import Monitor

/// What is left of a pass for somebody to see to, one line each on stderr: what cron mails, and nothing else.
struct ScanTroubles {
    private let lines: [String]

    init(of summary: PassSummary, ledger: Ledger, settings: Settings) async throws {
        let failed = summary.deliveries.filter { $0.outcome != .delivered }
        let outbox = summary.outbox
        var lines = try await Self.untold(summary, ledger, settings)
        if let explanation = summary.clock.explanation { lines.append(explanation) }
        lines += failed.map { "to \($0.receiver): \($0.detail)" }
        lines += summary.notRepeated.map { "to \($0.receiver), again: \($0.detail)" }
        if outbox.open > 0 { lines.append("still open: \(counted(outbox.open, "delivery", plural: "deliveries"))") }
        if outbox.expired > 0 {
            lines.append("expired undelivered: \(counted(outbox.expired, "delivery", plural: "deliveries"))")
        }
        lines += outbox.disabledReceivers.map { "receiver \($0) is gone (HTTP 410); change its url" }
        lines += summary.heartbeatFailure.map { ["heartbeat: \($0)"] } ?? []
        self.lines = lines
    }

    private static func untold(_ summary: PassSummary, _ ledger: Ledger, _ settings: Settings) async throws -> [String]
    {
        guard settings.route.receivers.isEmpty else { return [] }
        let plan = settings.plan
        return try await ledger.notices(summary.noticeIDs, at: summary.startedAt).map { facts in
            let text = MessageText.english(facts, registration: plan.registration(named: facts.registration))
            return "nobody is told, for want of a receiver: \(text)"
        }
    }

    func show() {
        for line in lines { StandardError.print("notafter: \(line)") }
    }
}
