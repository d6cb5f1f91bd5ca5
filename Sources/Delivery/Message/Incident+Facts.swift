import Certificates
import ExpiryRules
import LedgerStorage
import OpenSSLBinding

extension Incident {
    /// Each stage is an incident of its own: whoever acknowledged the one of 30 days hears of the one of 14 all the same.
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
        let earlier = try facts.earlier.map { try trouble($0.stage, $0.severity) }
        let mine = try trouble(facts.stage, facts.severity)
        if identity.kind.isResolution {
            self.init(ongoing: nil, over: earlier.isEmpty ? [mine] : earlier)
        } else {
            self.init(ongoing: mine, over: earlier.filter { $0.key != mine.key })
        }
        digestsOver = facts.digests.over.map { Trouble(digest: $0, severity: facts.severity) }
    }
}

extension Incident.Trouble {
    /// A hash of what the trouble is, without the kind of message and the receiver.
    init(_ identity: NoticeIdentity, stage: Stage?, severity: Severity) throws {
        let stageText = stage.map { String($0.secondsBefore) } ?? "-"
        self.init(
            key: try MessageIdentifier.hash(of: ["incident/1", identity.subject, stageText, String(identity.episode)]),
            stage: stage, severity: severity)
    }

    /// All of a digest: its incident bears the identifier of the message, also when that had to be said in fewer words.
    init(digest identifier: String, severity: Severity) {
        self.init(key: String(identifier.prefix(MessageIdentifier.length)), stage: nil, severity: severity)
    }
}
