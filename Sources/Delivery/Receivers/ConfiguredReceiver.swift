import Certificates
import ExpiryRules
import LedgerStorage
import OpenSSLBinding

/// A configured destination of notices.
package struct ConfiguredReceiver: Sendable {
    package let name: String
    package let kind: ReceiverKind
    package let settings: ReceiverSettings
    package let language: Language
    package let receiver: any Receiver

    /// - Returns: nil when `settings` lack a key that `kind` requires.
    package init?(name: String, kind: ReceiverKind, settings: ReceiverSettings, language: Language = .english) {
        guard let receiver = kind.type.init(settings) else { return nil }
        self.name = name
        self.kind = kind
        self.settings = settings
        self.language = language
        self.receiver = receiver
    }

    /// What this receiver is told of `facts`.
    package func message(_ facts: NoticeFacts, registration: Registration?) throws -> Message {
        let words = NoticeWords(facts, registration: registration)
        let phrasebook = language.phrasebook
        let markup = receiver.markup
        let said = MessageText(
            title: markup.escaped(phrasebook.title(words)), text: markup.escaped(phrasebook.text(words)))
        return Message(
            id: try MessageIdentifier(of: facts.identity, to: name).description, type: MessageType(facts.identity),
            receiver: name, incident: try Incident(facts), severity: facts.severity, occurredAt: facts.occurredAt,
            title: said.title, text: said.text,
            fields: MessageFields.fields(facts, words: words, registration: registration, in: phrasebook),
            facts: facts, registration: registration)
    }

    /// A message of type `test`.
    package func testMessage(at now: Instant) throws -> Message {
        let phrasebook = language.phrasebook
        let trouble = Incident.Trouble(
            key: try MessageIdentifier.hash(of: ["incident/1", "test", name, String(now.seconds)]), stage: nil,
            severity: .warning)
        return Message(
            id: "na_test_\(name.filter { $0 != "." })_\(now.seconds)", type: .test, receiver: name,
            // What a test opens it ends.
            incident: Incident(ongoing: trouble, over: [trouble]), severity: .warning, occurredAt: now,
            title: receiver.markup.escaped(phrasebook.testTitle()),
            text: receiver.markup.escaped(phrasebook.testText(receiver: name)), fields: [], facts: nil,
            registration: nil)
    }

    /// Changes when a message that was refused may be taken now.
    func settingsDigest() throws -> [UInt8] {
        try SHA256().digest(Array(kind.rawValue.utf8) + (try settings.digest()))
    }
}

extension ConfiguredReceiver: Hashable {
    package static func == (left: ConfiguredReceiver, right: ConfiguredReceiver) -> Bool {
        left.name == right.name && left.kind == right.kind && left.settings == right.settings
            && left.language == right.language
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(kind)
        hasher.combine(settings)
    }
}
