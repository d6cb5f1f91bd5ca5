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
    /// nil when it may be disturbed at any time.
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

    /// What this receiver is told of `facts`. `registration` is as it is configured now, nil when it was taken out; with
    /// `isMinimal` the fewest words have to do, without template, lists and tables.
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
                // What a test opens it ends.
                incident: Incident(ongoing: trouble, over: [trouble]), severity: .warning, occurredAt: now,
                title: phrasebook.testTitle(), text: phrasebook.testText(receiver: name), fields: [], facts: nil,
                registration: nil), nil)
    }

    /// The message in the receiver's markup, by its templates where there are any.
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

    /// On what terms it is sent messages.
    package var terms: ClaimTerms {
        ClaimTerms(
            // Twice as long as any attempt can take, so that a lease that is over means a sender that is dead or stuck.
            lease: TimeSpan(seconds: 2 * receiver.longestAttempt.seconds),
            batching: kind.type.grouping.batching(settings), holdsUnknown: UnknownPolicy(settings) == .hold)
    }

    /// The same at `now`, with the quiet hours that hold then.
    package func terms(at now: Instant) -> ClaimTerms {
        var terms = self.terms
        terms.quiet = quiet.flatMap { hours in hours.end(at: now).map { Quiet(severity: hours.severity, end: $0) } }
        return terms
    }

    /// Changes when a message that was refused may be taken now.
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
