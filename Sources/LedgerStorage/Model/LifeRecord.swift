import Certificates
import ExpiryRules

/// One notice that was decided about a subject.
package struct DecisionRecord: Hashable, Sendable {
    package let kind: NoticeKind
    package let stage: Stage?
    package let episode: Int64
    /// The number of a reminder; 0 for any other notice.
    package let repetition: Int64
    package let state: NoticeState
    package let endedBecause: EndReason?
    package let occurredAt: Instant
    package let decidedAt: Instant
    /// The code of a finding, and what it states; nil for any other notice.
    package let code: FindingCode?
    package let finding: FindingFacts?

    /// The sentences of a finding; nil for any other notice.
    package func text(in language: Language) -> String? {
        guard let code, let finding else { return nil }
        return finding.text(of: code, in: language)
    }
}

/// A location where a certificate or list was seen, and since when it is absent there.
package struct SightingRecord: Hashable, Sendable {
    package let registration: String
    package let location: Location
    package let firstSeen: Instant
    package let absentSince: Instant?
    /// When an edge last reported its use; nil at any other place.
    package let lastUsed: Instant?
    package let endedAt: Instant?
}

/// All stored data of a certificate or list.
package struct LifeRecord: Sendable {
    package let object: WatchedObject
    package let firstSeen: Instant
    /// When its path to a trusted CA ends. Its stages are counted back from this time.
    package let expiry: Expiry
    /// The state for all registrations that see the object now and need it.
    package let standing: ObjectStanding
    /// The flaws that verification found, for all registrations that see the object.
    package let flaws: [Judgement.Flaw]
    package let endedAt: Instant?
    package let endedBecause: EndReason?
    package let successor: Fingerprint?
    /// When a decision may be due next; nil for never.
    package let nextDue: Instant?
    /// The stages that were decided.
    package let notified: Set<Stage>
    /// The registrations that see it now.
    package let watchers: Set<String>
    package let sightings: [SightingRecord]
    package let decisions: [DecisionRecord]

    package var subject: NoticeSubject { .object(object.fingerprint, object.kind) }
}

/// The stored state of an endpoint.
package struct EndpointRecord: Sendable {
    package let name: String
    package let url: String
    package let verdict: String
    package let since: Instant
    package let probedAt: Instant
}
