import Certificates
import ExpiryRules
import LedgerStorage
import OpenSSLBinding

extension Incident {
    /// Each stage is an incident of its own: whoever acknowledged the one of 30 days hears of the one of 14 all the same.
    package init(_ facts: NoticeFacts) throws {
        let identity = facts.identity
        let earlier = try facts.earlier.map { told in
            try Trouble(identity, stage: told.stage, severity: told.severity)
        }
        let former = try facts.former.map { told in
            try Trouble(identity, episode: told.episode, stage: nil, severity: told.severity)
        }
        let mine = try Trouble(identity, stage: facts.stage, severity: facts.severity)
        if identity.kind.isResolution {
            self.init(ongoing: nil, over: former + (earlier.isEmpty ? [mine] : earlier))
        } else {
            self.init(ongoing: mine, over: former + earlier.filter { $0.key != mine.key })
        }
    }
}

extension Incident.Trouble {
    /// A hash of what the trouble is, without the kind of message and the receiver.
    init(_ identity: NoticeIdentity, episode: Int64? = nil, stage: Stage?, severity: Severity) throws {
        let stageText = stage.map { String($0.secondsBefore) } ?? "-"
        self.init(
            key: try MessageIdentifier.hash(
                of: ["incident/1", identity.subject, stageText, String(episode ?? identity.episode)]),
            stage: stage, severity: severity)
    }
}
