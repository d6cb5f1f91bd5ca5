import Certificates
import Delivery
import Foundation
import StatusServer

/// A message that `receive` took, for people and as JSON.
struct ReceivedMessage: Encodable {
    private let receivedAt: Instant
    private let verdict: SignatureCheck.Verdict
    private let id: String?
    private let attempt: String?
    private let content: Content?
    private let body: String

    /// The keys of our message that people read; docs/webhook.md has all.
    private struct Content: Decodable {
        struct Facts: Decodable {
            let subject: String?
            let severity: String?
            let stage: String?
            let status: String?
            let text: String?
            let effectiveExpiry: String?
            let locations: [String]?

            enum CodingKeys: String, CodingKey {
                case subject, severity, stage, status, text, locations
                case effectiveExpiry = "effective_expiry"
            }
        }

        let type: String
        let data: Facts?
    }

    private enum CodingKeys: String, CodingKey {
        case id, type, attempt, body, problem, verified
        case receivedAt = "received_at"
    }

    init(_ delivery: MessageListener.Delivery, _ verdict: SignatureCheck.Verdict, at now: Instant) {
        receivedAt = now
        self.verdict = verdict
        id = delivery.headers["webhook-id"]
        attempt = delivery.headers["x-notafter-attempt"]
        body = String(decoding: delivery.body, as: UTF8.self)
        content = try? JSONDecoder().decode(Content.self, from: Data(delivery.body))
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(receivedAt, forKey: .receivedAt)
        try container.encode(id, forKey: .id)
        try container.encode(content?.type, forKey: .type)
        try container.encode(attempt, forKey: .attempt)
        try container.encode(body, forKey: .body)
        switch verdict {
        case .verified: try container.encode(true, forKey: .verified)
        case .unchecked: try container.encodeNil(forKey: .verified)
        case .refused(let problem):
            try container.encode(false, forKey: .verified)
            try container.encode(problem, forKey: .problem)
        }
    }

    /// The type, the verdict on the signature and the id; then what the message says.
    func lines(on terminal: Terminal) -> [String] {
        let type = content?.type ?? "no message of notafter"
        var lines = [
            "\(receivedAt)  \(TerminalText.escaped(type))  \(word(on: terminal))  \(TerminalText.escaped(id ?? ""))"
        ]
        guard let facts = content?.data else {
            return lines + (body.isEmpty ? [] : ["  \(TerminalText.escaped(String(body.prefix(200))))"])
        }
        if let text = facts.text { lines.append("  \(TerminalText.escaped(text))") }
        let fields: [(String, String?)] = [
            ("subject", facts.subject), ("severity", facts.severity), ("stage", facts.stage), ("status", facts.status),
            ("expires", facts.effectiveExpiry), ("place", facts.locations?.joined(separator: ", ")),
            ("attempt", attempt),
        ]
        let shown = fields.compactMap { name, value in
            value.flatMap { $0.isEmpty ? nil : "\(name)=\($0)" }
        }
        if !shown.isEmpty { lines.append("  \(TerminalText.escaped(shown.joined(separator: "  ")))") }
        return lines
    }

    private func word(on terminal: Terminal) -> String {
        switch verdict {
        case .verified: terminal.coloured("signature verified", isGood: true)
        case .unchecked: "signature not checked"
        case .refused(let problem): terminal.coloured("refused: \(problem)", isGood: false)
        }
    }
}
