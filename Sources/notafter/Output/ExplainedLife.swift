import Certificates
import ExpiryRules
import LedgerStorage

/// A certificate or list with its decisions and deliveries, for `explain`.
struct ExplainedLife: Encodable {
    let life: LifeRecord
    let deliveries: [DeliveryStory]
    /// What happens next and when.
    let prospect: String
    let now: Instant

    private enum CodingKeys: String, CodingKey {
        case kind, name, registrations, sightings, decisions, deliveries, next, findings
        case fingerprint = "fingerprint_sha256"
        case notAfter = "not_after"
        case effectiveExpiry = "effective_expiry"
        case effectiveBecause = "effective_because"
        case firstSeen = "first_seen"
        case endedAt = "ended_at"
        case endedBecause = "ended_because"
        case successor = "successor_sha256"
    }

    private var earlyEnd: EarlyEnd? { life.standing.earlyEnd(of: life.object.validity) }

    private var effectiveExpiry: Instant? {
        if let earlyEnd { return earlyEnd.expiry }
        guard case .at(let instant) = life.object.validity.expiry else { return nil }
        return instant
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(life.object.kind.rawValue, forKey: .kind)
        try container.encode(life.object.name, forKey: .name)
        try container.encode(life.object.fingerprint.description, forKey: .fingerprint)
        try container.encode(life.object.validity.notAfter, forKey: .notAfter)
        try container.encode(effectiveExpiry, forKey: .effectiveExpiry)
        try container.encode(life.watchers.sorted(), forKey: .registrations)
        try container.encode(life.firstSeen, forKey: .firstSeen)
        try container.encode(life.endedAt, forKey: .endedAt)
        try container.encode(life.endedBecause?.rawValue, forKey: .endedBecause)
        try container.encode(life.successor?.description, forKey: .successor)
        try container.encode(life.sightings.map(SightingObject.init), forKey: .sightings)
        try container.encode(life.decisions.map(DecisionObject.init), forKey: .decisions)
        try container.encode(deliveries, forKey: .deliveries)
        try container.encode(prospect, forKey: .next)
        try container.encode(earlyEnd.map { CulpritObject($0.culprit) }, forKey: .effectiveBecause)
        try container.encode(life.flaws.findings.map(FindingObject.init), forKey: .findings)
    }

    /// `2026-12-17T12:00:00Z, in 20 days`
    private var end: String {
        guard let effectiveExpiry else { return "\(life.object.validity.expiry)" }
        let left = CountedTime(effectiveExpiry - now)
        return "\(effectiveExpiry), \(effectiveExpiry < now ? "\(left) ago" : "in \(left)")"
    }

    /// For people. The text is not escaped yet.
    func lines(on terminal: Terminal) -> [String] {
        let kind = life.object.kind.rawValue.replacing("_", with: " ")
        let room = terminal.width.map { $0 - kind.count - 2 } ?? .max
        let isShort = DisplayWidth.columns(of: TerminalText.escaped(life.object.name)) <= room
        var lines = ["\(kind)  \(isShort ? life.object.name : terminal.shortName(life.object.name))"]
        lines.append("  fingerprint  \(life.object.fingerprint)")
        lines.append("  ends         \(end)")
        if let earlyEnd {
            lines.append("  because      it ends with \(earlyEnd.culprit.clause)")
            lines.append("  by itself    \(life.object.validity.expiry)")
        }
        lines += life.flaws.findings.map {
            "  \($0.severity.rawValue.padded(to: 11))  \($0.code.rawValue): \($0.message)"
        }
        lines += life.sightings.map { sighting in
            let absence =
                sighting.endedAt.map { " until \($0)" } ?? sighting.absentSince.map { ", missing since \($0)" }
                ?? sighting.lastUsed.map { ", last used \($0)" }
            return
                "  seen         \(sighting.location) (\(sighting.registration)) since \(sighting.firstSeen)\(absence ?? "")"
        }
        if let endedAt = life.endedAt {
            let because = life.endedBecause.map { " (\($0.rawValue.replacing("_", with: " ")))" } ?? ""
            lines.append("  ended        \(endedAt)\(because)\(life.successor.map { ", by \($0)" } ?? "")")
        }
        lines.append("  next         \(prospect)")
        return lines + story(of: life.decisions, deliveries)
    }
}

/// An endpoint with its decisions and deliveries, for `explain`.
struct ExplainedEndpoint: Encodable {
    let endpoint: EndpointRecord
    let presents: [Fingerprint]
    let decisions: [DecisionRecord]
    let deliveries: [DeliveryStory]

    private enum CodingKeys: String, CodingKey {
        case name, url, verdict, since, presents, decisions, deliveries
        case probedAt = "probed_at"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(endpoint.name, forKey: .name)
        try container.encode(endpoint.url, forKey: .url)
        try container.encode(endpoint.verdict, forKey: .verdict)
        try container.encode(endpoint.since, forKey: .since)
        try container.encode(endpoint.probedAt, forKey: .probedAt)
        try container.encode(presents.map(\.description), forKey: .presents)
        try container.encode(decisions.map(DecisionObject.init), forKey: .decisions)
        try container.encode(deliveries, forKey: .deliveries)
    }

    /// For people. The text is not escaped yet.
    var lines: [String] {
        [
            "endpoint  \(endpoint.name)  \(endpoint.url)",
            "  verdict      \(endpoint.verdict.replacing("_", with: " ")) since \(endpoint.since)",
            "  last probe   \(endpoint.probedAt)",
        ] + presents.map { "  presents     \($0)" } + story(of: decisions, deliveries)
    }
}

/// Each decision with its deliveries below it.
private func story(of decisions: [DecisionRecord], _ deliveries: [DeliveryStory]) -> [String] {
    decisions.flatMap { decision in
        let mine = deliveries.map(\.delivery).filter {
            $0.identity.kind == decision.kind && $0.stage == decision.stage && $0.identity.episode == decision.episode
                && $0.identity.repetition == decision.repetition
        }
        let undelivered = mine.isEmpty ? ["    to no receiver: \(decision.silence)"] : []
        return ["  \(decision.decidedAt)  \(decision.words)"] + mine.flatMap { $0.lines(indented: "    ") }
            + undelivered
    }
}

extension DecisionRecord {
    /// `expiring 14d: open`, `expiring 30d: superseded`.
    fileprivate var words: String {
        let name = [kind.rawValue.replacing("_", with: " "), kind == .expiring ? stage?.description : nil]
            .compactMap(\.self).joined(separator: " ")
        let reminder = repetition > 0 ? ", reminder \(repetition)" : ""
        let ending = endedBecause.map { " (\($0.rawValue.replacing("_", with: " ")))" } ?? ""
        // An open resolution needs no state.
        let standing = kind.isResolution && state == .open ? "" : ": \(state.rawValue)\(ending)"
        return "\(name)\(reminder)\(standing)\(text(in: .english).map { ": \($0)" } ?? "")"
    }

    /// Why a decision has no delivery.
    fileprivate var silence: String {
        state == .superseded
            ? "it had passed when the certificate was first seen, and a more urgent stage was notified"
            : "there was no receiver"
    }
}

/// A sighting in JSON.
private struct SightingObject: Encodable {
    let sighting: SightingRecord

    private enum CodingKeys: String, CodingKey {
        case registration, location
        case firstSeen = "first_seen"
        case absentSince = "absent_since"
        case lastUsed = "last_used"
        case endedAt = "ended_at"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(sighting.registration, forKey: .registration)
        try container.encode(sighting.location.description, forKey: .location)
        try container.encode(sighting.firstSeen, forKey: .firstSeen)
        try container.encode(sighting.absentSince, forKey: .absentSince)
        try container.encode(sighting.lastUsed, forKey: .lastUsed)
        try container.encode(sighting.endedAt, forKey: .endedAt)
    }
}

/// A decision in JSON.
private struct DecisionObject: Encodable {
    let decision: DecisionRecord

    private enum CodingKeys: String, CodingKey {
        case kind, stage, episode, reminder, state, message
        case endedBecause = "ended_because"
        case occurredAt = "occurred_at"
        case decidedAt = "decided_at"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(decision.kind.rawValue, forKey: .kind)
        try container.encode(decision.stage?.description, forKey: .stage)
        try container.encode(decision.episode, forKey: .episode)
        try container.encode(decision.repetition > 0 ? decision.repetition : nil, forKey: .reminder)
        try container.encode(decision.state.rawValue, forKey: .state)
        try container.encode(decision.endedBecause?.rawValue, forKey: .endedBecause)
        try container.encode(decision.occurredAt, forKey: .occurredAt)
        try container.encode(decision.decidedAt, forKey: .decidedAt)
        try container.encode(decision.text(in: .english), forKey: .message)
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
