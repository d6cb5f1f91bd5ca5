import Certificates
import ExpiryRules
import LedgerStorage

extension MessageComposer {
    /// The most notices that a digest for people lists. It counts the others.
    private static let lineLimit = 20

    /// The one message about `content`.
    package func message(_ content: MessageContent, plan: WatchPlan) throws -> Message {
        let members = try content.notices.map { facts in
            try message(
                facts, registration: plan.registration(named: facts.registration), isMinimal: content.isMinimal)
        }
        return members.count == 1 ? members[0] : try digest(of: members, isMinimal: content.isMinimal)
    }

    /// One message for several notices, at least one.
    private func digest(of members: [Message], isMinimal: Bool) throws -> Message {
        let sorted = members.sorted { $0.isMoreUrgent(than: $1) }
        let phrasebook = language.phrasebook
        let severity = members.filter { !$0.isResolution }.map(\.severity).max() ?? .warning
        let lines = sorted.prefix(Self.lineLimit).map { "\n• \($0.title)" }.joined()
        let rest = sorted.count - Self.lineLimit
        let tail = rest > 0 ? "\n" + markup.escaped(phrasebook.digestRest(rest)) : ""
        let counts = markup.escaped(phrasebook.digestTitle(DigestWords(members)))
        // A notification on a phone shows little more than the title, so the most urgent notice is in it.
        let title = "\(counts); \(sorted[0].title)"
        let id = try MessageIdentifier(ofDigest: members.map { String($0.id.prefix(MessageIdentifier.length)) })
        let isOver = members.allSatisfy(\.isResolution)
        let over = Set(members.flatMap(\.incident.digestsOver)).sorted { $0.key < $1.key }
        var digest = Message(
            id: isMinimal ? MessageIdentifier.minimal(id.description) : id.description, type: .digest,
            receiver: receiver,
            incident: Incident(
                ongoing: isOver ? nil : .init(digest: id.description, severity: severity), over: [], digestsOver: over),
            severity: severity, occurredAt: members.map(\.occurredAt).min() ?? Instant(seconds: 0), title: title,
            text: isMinimal ? title : counts + lines + tail, fields: [], facts: nil, registration: nil)
        digest.members = sorted
        digest.isMinimal = isMinimal
        return digest
    }

    /// `message` with a first line that says that an earlier attempt may have arrived.
    package func markedAsRepeat(_ message: Message) -> Message {
        var message = message
        let mark = markup.escaped(language.phrasebook.repeatMark(of: message.id))
        message.text = "\(mark)\n\(message.text)"
        return message
    }
}

extension Message {
    /// Orders open before resolved, then critical before the rest, then by expiry.
    fileprivate func isMoreUrgent(than other: Message) -> Bool {
        func rank(_ message: Message) -> (Int, Int, Int64, String) {
            (
                message.isResolution ? 1 : 0, message.severity == .critical ? 0 : 1,
                message.facts?.expiry?.seconds ?? .max, message.id
            )
        }
        return rank(self) < rank(other)
    }
}
