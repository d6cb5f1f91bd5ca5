import Certificates
import ExpiryRules
import LedgerStorage

/// A silence as `silence list --json` and `silence add --json` print it. Every key is always present.
struct SilenceObject: Encodable {
    private let silence: Silence
    private let heldDeliveries: Int
    private let now: Instant

    init(_ record: SilenceRecord, at now: Instant) {
        silence = record.silence
        heldDeliveries = record.heldDeliveries
        self.now = now
    }

    init(_ effect: SilenceEffect, at now: Instant) {
        silence = effect.silence
        heldDeliveries = effect.heldDeliveries
        self.now = now
    }

    /// `held until … by alice: CHG-42 (silence #3: role=ca; 2 messages)`
    var line: String {
        let terms = silence.terms
        return """
            held until \(terms.endsAt) by \(terms.author): \(terms.reason) (silence #\(silence.id): \(terms.matchers); \
            \(counted(heldDeliveries, "message")))
            """
    }

    private enum CodingKeys: String, CodingKey {
        case id, state, matchers, reason
        case author = "by"
        case createdAt = "created_at"
        case endsAt = "ends_at"
        case endedAt = "ended_at"
        case endedBecause = "ended_because"
        case heldDeliveries = "held_deliveries"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(silence.id, forKey: .id)
        try container.encode(silence.isActive(at: now) ? "active" : "over", forKey: .state)
        try container.encode(silence.terms.matchers.texts, forKey: .matchers)
        try container.encode(silence.terms.author, forKey: .author)
        try container.encode(silence.terms.reason, forKey: .reason)
        try container.encode(silence.createdAt, forKey: .createdAt)
        try container.encode(silence.terms.endsAt, forKey: .endsAt)
        try container.encode(silence.ending?.endedAt, forKey: .endedAt)
        try container.encode(silence.ending?.because.rawValue, forKey: .endedBecause)
        try container.encode(heldDeliveries, forKey: .heldDeliveries)
    }
}

extension Silence {
    /// `until …`, `over since … (its certificate has ended)`.
    func stateWords(at now: Instant) -> String {
        if isActive(at: now) { return "until \(terms.endsAt)" }
        let because =
            switch ending?.because {
            case .expired: " (expired by hand)"
            case .certificateEnded: " (its certificate has ended)"
            case nil: ""
            }
        return "over since \(overAt)\(because)"
    }
}

extension SilenceEffect {
    /// The matched objects, in words.
    var words: String {
        let about = [
            certificates > 0 ? counted(certificates, "certificate or list", plural: "certificates and lists") : nil,
            findings > 0 ? counted(findings, "finding") : nil,
        ].compactMap(\.self)
        let matches = about.isEmpty ? "nothing that is there now" : about.joined(separator: " and ")
        return "matches \(matches), holds \(counted(heldDeliveries, "message"))"
    }
}

extension DeliveryHold {
    /// `held until … by silence #3 (alice: CHG-42)`
    var words: String { "held until \(until) by silence #\(silence) (\(author): \(reason))" }
}
