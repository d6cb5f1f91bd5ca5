import Certificates
import LedgerStorage

extension ConfiguredReceiver {
    /// A summary for this receiver. It opens no incident, and templates do not apply, since they are made for notices.
    func summary(_ summary: SummaryFacts, _ facts: NoticeFacts, isMinimal: Bool) throws -> Message {
        let phrasebook = language.phrasebook
        let id = try MessageIdentifier(of: facts.identity, to: name).description
        let title = receiver.markup.escaped(phrasebook.summaryTitle(summary))
        let lines = phrasebook.summaryLines(summary, at: facts.askedAt).map(receiver.markup.escaped)
        var message = Message(
            id: isMinimal ? MessageIdentifier.minimal(id) : id, type: .summary, receiver: name,
            incident: try Incident(facts), severity: facts.severity, occurredAt: facts.occurredAt, title: title,
            text: isMinimal ? title : lines.joined(separator: "\n"), fields: [], facts: facts, registration: nil)
        message.isMinimal = isMinimal
        return message
    }
}
