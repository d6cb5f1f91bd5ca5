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
    package let template: MessageTemplate
    /// nil for a receiver without quiet hours.
    package let quiet: QuietHours?
    package let receiver: any Receiver

    /// - Returns: nil when `settings` lack a key that `kind` requires.
    package init?(
        name: String, kind: ReceiverKind, settings: ReceiverSettings, language: Language = .english,
        template: MessageTemplate = .builtIn, quiet: QuietHours? = nil
    ) {
        guard let receiver = kind.type.init(settings) else { return nil }
        self.name = name
        self.kind = kind
        self.settings = settings
        self.language = language
        self.template = template
        self.quiet = quiet
        self.receiver = receiver
    }

    /// The message to this receiver about `facts`. `registration` is as configured now, nil when it was removed
    /// from the configuration. With `isMinimal` the message has no template, lists or tables.
    package func message(
        _ facts: NoticeFacts, registration: Registration?, isMinimal: Bool = false
    ) throws -> Message {
        if let summary = facts.summaryFacts { return try self.summary(summary, facts, isMinimal: isMinimal) }
        let words = NoticeWords(facts, registration: registration)
        let phrasebook = language.phrasebook
        let id = try MessageIdentifier(of: facts.identity, to: name).description
        let title = phrasebook.title(words)
        var message = Message(
            id: isMinimal ? MessageIdentifier.minimal(id) : id, type: MessageType(facts.identity), receiver: name,
            incident: try Incident(facts), severity: facts.severity, occurredAt: facts.occurredAt, title: title,
            text: isMinimal ? title : phrasebook.text(words),
            fields: isMinimal
                ? [] : MessageFields.fields(facts, words: words, registration: registration, in: phrasebook),
            facts: facts, registration: registration)
        message.isMinimal = isMinimal
        return said(message, words)
    }

    /// A message of type `test`.
    package func testMessage(at now: Instant) throws -> Message {
        let phrasebook = language.phrasebook
        let trouble = Incident.Trouble(
            key: try MessageIdentifier.hash(of: ["incident/1", "test", name, String(now.seconds)]), stage: nil,
            severity: .warning)
        return said(
            Message(
                id: "na_test_\(name.filter { $0 != "." })_\(now.seconds)", type: .test, receiver: name,
                // A test also ends the incident that it opens.
                incident: Incident(ongoing: trouble, over: [trouble]), severity: .warning, occurredAt: now,
                title: phrasebook.testTitle(), text: phrasebook.testText(receiver: name), fields: [], facts: nil,
                registration: nil), nil)
    }

    /// Puts title and text into the receiver's markup, with its templates if it has any.
    private func said(_ message: Message, _ words: NoticeWords?) -> Message {
        let markup = receiver.markup
        let phrasebook = language.phrasebook
        var message = message
        message.language = language
        message.title = markup.escaped(message.title)
        message.text = markup.escaped(message.text)
        guard template != .builtIn, !message.isMinimal else { return message }
        let said = template.rendered(
            TemplateValues(message, words: words, in: phrasebook, markup: markup),
            builtIn: MessageText(title: message.title, text: message.text),
            apology: { markup.escaped(phrasebook.templateFailed($0)) })
        message.title = said.title
        message.text = said.text
        return message
    }

    /// The terms on which a message for this receiver is claimed.
    package var terms: ClaimTerms {
        ClaimTerms(
            // Twice as long as any attempt can take, so that an expired lease means that the sender crashed or hangs.
            lease: TimeSpan(seconds: 2 * receiver.longestAttempt.seconds),
            batching: kind.type.grouping.batching(settings), holdsUnknown: UnknownPolicy(settings) == .hold)
    }

    /// The terms at `now`, with the quiet hours that apply then.
    package func terms(at now: Instant) -> ClaimTerms {
        var terms = self.terms
        terms.quiet = quiet.flatMap { hours in hours.end(at: now).map { Quiet(severity: hours.severity, end: $0) } }
        return terms
    }

    /// Changes with the kind and the settings: a message that was refused may be accepted then.
    package func settingsDigest() throws -> [UInt8] {
        try SHA256().digest(Array(kind.rawValue.utf8) + (try settings.digest()))
    }
}

extension ConfiguredReceiver: Hashable {
    package static func == (left: ConfiguredReceiver, right: ConfiguredReceiver) -> Bool {
        left.name == right.name && left.kind == right.kind && left.settings == right.settings
            && left.language == right.language && left.template == right.template && left.quiet == right.quiet
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(kind)
        hasher.combine(settings)
    }
}
