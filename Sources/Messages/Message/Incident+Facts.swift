import Certificates
import ExpiryRules
import LedgerStorage
import OpenSSLBinding

extension Incident {
    /// Each stage is an incident of its own: an incident that was acknowledged at 30 days would suppress the alert at
    /// 14.
    package init(_ facts: NoticeFacts) throws {
        let identity = facts.identity
        guard identity.kind != .summary else {
            self.init(ongoing: nil, over: [])
            return
        }
        func trouble(_ stage: Stage?, _ severity: Severity) throws -> Trouble {
            var trouble = try Trouble(identity, stage: stage, severity: severity)
            trouble.isPartOfDigest = facts.digests.stages.contains(stage?.secondsBefore ?? -1)
            return trouble
        }
        let former = try facts.former.map { notified in
            try Trouble(identity, episode: notified.episode, stage: nil, severity: notified.severity)
        }
        let earlier = try facts.earlier.map { try trouble($0.stage, $0.severity) }
        let mine = try trouble(facts.stage, facts.severity)
        if identity.kind.isResolution {
            self.init(ongoing: nil, over: former + (earlier.isEmpty ? [mine] : earlier))
        } else {
            self.init(ongoing: mine, over: former + earlier.filter { $0.key != mine.key })
        }
        digestsOver = facts.digests.over.map { Trouble(digest: $0, severity: facts.severity) }
    }
}

extension Incident.Trouble {
    /// The key is a hash of subject, stage and episode, without the kind of message and the receiver, so that the
    /// message that opens the incident and the one that ends it have the same key.
    init(_ identity: NoticeIdentity, episode: Int64? = nil, stage: Stage?, severity: Severity) throws {
        let stageText = stage.map { String($0.secondsBefore) } ?? "-"
        self.init(
            key: try MessageIdentifier.hash(
                of: ["incident/1", identity.subject.text, stageText, String(episode ?? identity.episode)]),
            stage: stage, severity: severity)
    }

    /// The incident of a whole digest. Its key is the identifier of the message, without the suffix of the minimal
    /// form.
    init(digest identifier: String, severity: Severity) {
        self.init(key: String(identifier.prefix(MessageIdentifier.length)), stage: nil, severity: severity)
    }
}
