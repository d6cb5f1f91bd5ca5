import Certificates
import Configuration
import Delivery
import ExpiryRules
import LedgerStorage
import Messages
import Monitor
import Probing

/// The result of one pass, for the output of `scan`.
struct ScanReport: Encodable {
    private let listing: CertificateListing
    private let probes: [ProbeReport]
    private let notices: [NoticeObject]
    private let deliveries: [DeliveryObject]
    /// Whether a silence holds the notice at the same index.
    private let isHeld: [Bool]

    init(of summary: PassSummary, ledger: Ledger, settings: Settings, at now: Instant) async throws {
        let plan = settings.plan
        listing = try await CertificateListing(of: ledger, plan: plan, at: now)
        probes = summary.probes
        notices = try await ledger.notices(summary.noticeIDs, at: now).map { facts in
            NoticeObject(facts, plan.registration(named: facts.registration))
        }
        deliveries = summary.deliveries.map(DeliveryObject.init)
        let silenced = try await ledger.silenced(among: summary.noticeIDs)
        isHeld = summary.noticeIDs.map(silenced.contains)
    }

    private enum CodingKeys: String, CodingKey {
        case notices, deliveries, endpoints
    }

    func encode(to encoder: any Encoder) throws {
        try listing.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(notices, forKey: .notices)
        try container.encode(deliveries, forKey: .deliveries)
        try container.encode(probes, forKey: .endpoints)
    }

    /// Prints the report for people.
    func show(on terminal: Terminal) {
        let lines = listing.lines(on: terminal) + probes.flatMap { $0.lines(on: terminal) }
        terminal.show(lines)
        for (notice, isHeld) in zip(notices, isHeld) {
            terminal.show(["\(isHeld ? "held" : "told"): \(TerminalText.escaped(notice.text))"])
        }
        terminal.show([listing.summary.text])
    }
}

/// A notice that was decided in this pass.
private struct NoticeObject: Encodable {
    let type: String
    let registration: String
    let stage: String?
    let severity: String
    let fingerprint: String?
    let text: String

    enum CodingKeys: String, CodingKey {
        case type, registration, stage, severity, text
        case fingerprint = "fingerprint_sha256"
    }

    init(_ facts: NoticeFacts, _ registration: Registration?) {
        type = MessageType(facts.identity).rawValue
        self.registration = facts.registration
        stage = facts.stage?.description
        severity = facts.severity.rawValue
        fingerprint = facts.certificate?.fingerprint.description
        text = MessageText.english(facts, registration: registration)
    }
}

/// An attempt that was made in this pass.
private struct DeliveryObject: Encodable {
    let receiver: String
    let messageID: String
    let type: String
    let attempt: Int
    let outcome: String
    let status: Int?
    let detail: String

    enum CodingKeys: String, CodingKey {
        case receiver, type, attempt, outcome, status, detail
        case messageID = "webhook_id"
    }

    init(_ report: DeliveryReport) {
        receiver = report.receiver
        messageID = report.messageID
        type = report.type.rawValue
        attempt = report.attempt
        outcome = report.outcome.rawValue
        status = report.status
        detail = report.detail
    }
}
