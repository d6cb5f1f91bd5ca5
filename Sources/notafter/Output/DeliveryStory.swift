import Certificates
import ExpiryRules
import LedgerStorage
import Messages

/// A delivery as `deliveries --json` and `explain --json` print it. Every key is always present.
struct DeliveryStory: Encodable {
    let delivery: DeliveryRecord
    let messageID: String

    init(_ delivery: DeliveryRecord) throws {
        self.delivery = delivery
        // Before the first attempt, the identifier that it will have unless it becomes part of a digest.
        messageID =
            try delivery.messageIdentifier
            ?? MessageIdentifier(of: delivery.identity, to: delivery.receiver).description
    }

    private enum CodingKeys: String, CodingKey {
        case id, receiver, state, reason, notice, registration, about, attempts
        case messageID = "message_id"
        case namedBy = "named_by"
        case messagePartCount = "notices_in_message"
        case fingerprint = "fingerprint_sha256"
        case decidedAt = "decided_at"
        case mayHaveBeenSeen = "may_have_been_seen"
        case nextAttempt = "next_attempt_at"
        case settledAt = "settled_at"
        case heldBy = "held_by"
        case heldUntil = "held_until"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(delivery.id, forKey: .id)
        try container.encode(messageID, forKey: .messageID)
        try container.encode(delivery.messagePartCount, forKey: .messagePartCount)
        try container.encode(delivery.receiver, forKey: .receiver)
        try container.encode(delivery.namedBy, forKey: .namedBy)
        try container.encode(delivery.state.rawValue, forKey: .state)
        try container.encode(delivery.reason, forKey: .reason)
        try container.encode(delivery.notice, forKey: .notice)
        try container.encode(delivery.registration, forKey: .registration)
        try container.encode(delivery.fingerprint?.description, forKey: .fingerprint)
        try container.encode(delivery.about(in: .english), forKey: .about)
        try container.encode(delivery.decidedAt, forKey: .decidedAt)
        try container.encode(delivery.mayHaveBeenSeen, forKey: .mayHaveBeenSeen)
        try container.encode(delivery.nextAttempt, forKey: .nextAttempt)
        try container.encode(delivery.settledAt, forKey: .settledAt)
        try container.encode(delivery.hold?.silence, forKey: .heldBy)
        try container.encode(delivery.hold?.until, forKey: .heldUntil)
        try container.encode(delivery.attempts.map(AttemptObject.init), forKey: .attempts)
    }
}

/// One attempt in JSON.
private struct AttemptObject: Encodable {
    let attempt: AttemptRecord

    private enum CodingKeys: String, CodingKey {
        case number, outcome, status, detail, milliseconds
        case startedAt = "started_at"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(attempt.number, forKey: .number)
        try container.encode(attempt.startedAt, forKey: .startedAt)
        try container.encode(attempt.outcome?.rawValue, forKey: .outcome)
        try container.encode(attempt.status, forKey: .status)
        try container.encode(attempt.detail, forKey: .detail)
        try container.encode(attempt.milliseconds, forKey: .milliseconds)
    }
}

extension DeliveryRecord {
    /// `expiring 14d`, `renewed`, `finding`.
    var notice: String {
        [
            identity.kind.rawValue.replacing("_", with: " "), identity.kind == .expiring ? stage?.description : nil,
            identity.repetition > 0 ? "reminder \(identity.repetition)" : nil,
        ].compactMap(\.self).joined(separator: " ")
    }

    /// The registration and the subject, short enough for a column. For a finding it is the code.
    func subjectCell(on terminal: Terminal) -> TextTable.Cell {
        let name = identity.subject.findingCode?.rawValue ?? about(in: .english)
        let head = TerminalText.escaped("\(registration)/")
        func text(within columns: Int) -> String {
            let room = max(columns - DisplayWidth.columns(of: head), 1)
            return DisplayWidth.start(of: head + ShortName.of(name, within: room), within: columns)
        }
        let usual = terminal.namesAreWhole ? head + TerminalText.escaped(name) : text(within: Self.columnWidth)
        return TextTable.Cell(usual, fit: .shortened(text))
    }

    private static let columnWidth = 60

    /// What happens next, in words; nil for nothing.
    var prospect: String? {
        if let hold { return hold.words }
        if let quietUntil, state.isOpen, nextAttempt == quietUntil {
            return "waits for the end of its receiver's quiet hours, \(quietUntil)"
        }
        return switch state {
        case .sending: "on its way"
        case _ where waitsForWord: nil
        case .pending, .retry, .unknown, .parked:
            nextAttempt.map { "next attempt \($0) or later" }
                ?? "its receiver said that it is gone; change its settings"
        case .delivered, .superseded, .cancelled, .expired: nil
        }
    }

    /// One line for the delivery, and one for each attempt.
    func lines(indented indent: String) -> [String] {
        let ending = [settledAt.map { "\($0)" }, reason, prospect, namedBy.map { "named by \($0)" }]
            .compactMap(\.self).joined(separator: "; ")
        let company = messagePartCount > 1 ? " (in a message of \(messagePartCount))" : ""
        return ["\(indent)#\(id) to \(receiver)\(company): \(state.rawValue)\(ending.isEmpty ? "" : ", \(ending)")"]
            + attempts.map { attempt in
                let facts = [
                    "attempt \(attempt.number)", "\(attempt.startedAt)",
                    attempt.outcome?.rawValue.replacing("_", with: " ") ?? "on its way", attempt.detail,
                    attempt.milliseconds.map { "\($0) ms" },
                ]
                return "\(indent)  \(facts.compactMap(\.self).joined(separator: "  "))"
            }
    }
}
