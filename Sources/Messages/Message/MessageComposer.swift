import Certificates
import ExpiryRules
import LedgerStorage

/// Writes the messages to one receiver: the words of its language or templates, in the markup of its service.
package struct MessageComposer: Sendable {
    /// The receiver's name.
    let receiver: String
    let language: Language
    let markup: Markup
    let template: MessageTemplate

    package init(receiver: String, language: Language, markup: Markup, template: MessageTemplate) {
        self.receiver = receiver
        self.language = language
        self.markup = markup
        self.template = template
    }

    /// The message about `facts`. `registration` is as configured now, nil when it was removed
    /// from the configuration. With `isMinimal` the message has no template, lists or tables.
    package func message(
        _ facts: NoticeFacts, registration: Registration?, isMinimal: Bool = false
    ) throws -> Message {
        if let summary = facts.summaryFacts { return try self.summary(summary, facts, isMinimal: isMinimal) }
        let words = NoticeWords(facts, registration: registration)
        let phrasebook = language.phrasebook
        let id = try MessageIdentifier(of: facts.identity, to: receiver).description
        let title = phrasebook.title(words)
        var message = Message(
            id: isMinimal ? MessageIdentifier.minimal(id) : id, type: MessageType(facts.identity), receiver: receiver,
            incident: try Incident(facts), severity: facts.severity, occurredAt: facts.occurredAt, title: title,
            text: isMinimal ? title : phrasebook.text(words),
            fields: isMinimal
                ? [] : MessageFields.fields(facts, words: words, registration: registration, in: phrasebook),
            facts: facts, registration: registration)
        message.isMinimal = isMinimal
        return worded(message, words)
    }

    /// A message of type `test`.
    package func testMessage(at now: Instant) throws -> Message {
        let phrasebook = language.phrasebook
        let trouble = Incident.Trouble(
            key: try MessageIdentifier.hash(of: ["incident/1", "test", receiver, String(now.seconds)]), stage: nil,
            severity: .warning)
        return worded(
            Message(
                id: "na_test_\(receiver.filter { $0 != "." })_\(now.seconds)", type: .test, receiver: receiver,
                // A test also ends the incident that it opens.
                incident: Incident(ongoing: trouble, over: [trouble]), severity: .warning, occurredAt: now,
                title: phrasebook.testTitle(), text: phrasebook.testText(receiver: receiver), fields: [], facts: nil,
                registration: nil), nil)
    }

    /// The message with title and text in the receiver's markup, by its templates if it has any.
    private func worded(_ message: Message, _ words: NoticeWords?) -> Message {
        let phrasebook = language.phrasebook
        var message = message
        message.language = language
        message.title = markup.escaped(message.title)
        message.text = markup.escaped(message.text)
        guard template != .builtIn, !message.isMinimal else { return message }
        let rendered = template.rendered(
            TemplateValues(message, words: words, in: phrasebook, markup: markup),
            builtIn: MessageText(title: message.title, text: message.text),
            apology: { markup.escaped(phrasebook.templateFailed($0)) })
        message.title = rendered.title
        message.text = rendered.text
        return message
    }
}
