import Certificates
import LedgerStorage

extension MessageComposer {
    /// A summary. It opens no incident, and templates do not apply, since they are made for notices.
    func summary(_ summary: SummaryFacts, _ facts: NoticeFacts, isMinimal: Bool) throws -> Message {
        let phrasebook = language.phrasebook
        let id = try MessageIdentifier(of: facts.identity, to: receiver).description
        let title = markup.escaped(phrasebook.summaryTitle(summary))
        let lines = phrasebook.summaryLines(summary, at: facts.askedAt).map(markup.escaped)
        var message = Message(
            id: isMinimal ? MessageIdentifier.minimal(id) : id, type: .summary, receiver: receiver,
            incident: try Incident(facts), severity: facts.severity, occurredAt: facts.occurredAt, title: title,
            text: isMinimal ? title : lines.joined(separator: "\n"), fields: [], facts: facts, registration: nil)
        message.isMinimal = isMinimal
        return message
    }
}
