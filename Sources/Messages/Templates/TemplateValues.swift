import Certificates
import ExpiryRules
import LedgerStorage
import Mustache

/// The values that a template can use, escaped for the receiver. docs/templates.md lists the names.
struct TemplateValues: Sendable {
    enum Value: Sendable {
        case text(String)
        case flag(Bool)
        case list([String])
        /// A section whose elements have `name` and `value`.
        case pairs([(name: String, value: String)])
    }

    private let values: [String: Value]

    init(_ message: Message, words: NoticeWords?, in phrasebook: any Phrasebook, markup: Markup) {
        let facts = message.facts
        let certificate = facts?.certificate
        let registration = message.registration
        let texts: [String: String?] = [
            "id": message.id, "type": message.type.rawValue, "severity": message.severity.rawValue,
            "status": message.status, "receiver": message.receiver,
            "registration": facts?.registration, "role": registration?.role.rawValue, "owner": registration?.owner,
            "subject": certificate?.name, "issuer": certificate?.issuer,
            "serial": certificate?.serialNumber.description, "sha256": certificate?.fingerprint.description,
            "not_before": certificate?.validity.notBefore?.description, "not_after": facts?.expiry?.description,
            "days_left": words?.timeLeft.map { String(max(0, $0.wholeDays)) }, "stage": facts?.stage?.description,
            "remedy": words.map { phrasebook.remedy($0.remedy) }, "location": words?.place,
            "found_by": words?.foundBy.map(phrasebook.finder), "finding": words?.finding?.rawValue,
            "finding_message": words?.findingText(in: message.language), "occurred_at": message.occurredAt.description,
            "observed_at": facts?.observedAt.description, "successor_not_after": words?.successorExpiry?.description,
        ]
        var values: [String: Value] = [
            // Escaped already.
            "title": .text(message.title), "text": .text(message.text),
            "firing": .flag(message.status == "firing"), "resolved": .flag(message.status == "resolved"),
            "critical": .flag(message.severity == .critical),
            "hostnames": .list((registration?.hostnames ?? []).map(markup.escaped)),
            "locations": .list((facts?.locations ?? []).map { markup.escaped($0.description) }),
            "sans": .list((certificate?.subjectAlternativeNames ?? []).prefix(50).map(markup.escaped)),
            "missed": .list((facts?.missed ?? []).map { markup.escaped($0.description) }),
            "labels": .pairs(
                (registration?.labels ?? [:]).sorted { $0.key < $1.key }
                    .map { (markup.escaped($0.key), markup.escaped($0.value)) }),
        ]
        for (name, text) in texts { values[name] = .text(text.map(markup.escaped) ?? "") }
        self.values = values
    }

    /// The values of a message, in plain text and the message's language.
    init(_ message: Message) {
        let words = message.facts.flatMap { facts in
            facts.summaryFacts == nil ? NoticeWords(facts, registration: message.registration) : nil
        }
        self.init(message, words: words, in: message.language.phrasebook, markup: .plain)
    }

    func value(named name: String) -> Value? { values[name] }
}

/// The names that a template can use.
enum TemplateName {
    static let texts: Set<String> = [
        "id", "type", "severity", "status", "receiver", "registration", "role", "owner", "subject", "issuer", "serial",
        "sha256", "not_before", "not_after", "days_left", "stage", "remedy", "location", "found_by", "finding",
        "finding_message", "occurred_at", "observed_at", "successor_not_after", "title", "text",
    ]
    /// The texts that hold whole numbers.
    static let numbers: Set<String> = ["days_left"]
    static let flags: Set<String> = ["firing", "resolved", "critical"]
    static let lists: Set<String> = ["hostnames", "locations", "sans", "missed", "labels"]
    static let all = texts.union(flags).union(lists)
    /// The names inside the section `labels`.
    static let ofLabels: Set<String> = ["name", "value"]
}

/// Looks names up for Mustache.
struct TemplateLookup: MustacheParent {
    let values: TemplateValues

    func child(named name: String) -> Any? {
        switch values.value(named: name) {
        // nil for an empty text, so that its section is not rendered.
        case .text(let text): text.isEmpty ? nil : text
        case .flag(let flag): flag
        case .list(let list): list
        case .pairs(let pairs): pairs.map { ["name": $0.name, "value": $0.value] }
        case nil: nil
        }
    }
}
