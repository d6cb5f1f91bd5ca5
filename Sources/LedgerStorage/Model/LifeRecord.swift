import Certificates
import ExpiryRules

/// One thing that was decided about a subject.
package struct DecisionRecord: Hashable, Sendable {
    package let kind: NoticeKind
    package let stage: Stage?
    package let episode: Int64
    /// The number of a reminder; 0 for what is none.
    package let repetition: Int64
    package let state: NoticeState
    package let endedBecause: EndReason?
    package let occurredAt: Instant
    package let decidedAt: Instant
    package let message: String?
}

/// Where something was seen, and until when.
package struct SightingRecord: Hashable, Sendable {
    package let registration: String
    package let location: Location
    package let firstSeen: Instant
    package let absentSince: Instant?
    package let endedAt: Instant?
}

/// All that the ledger knows of a certificate or list.
package struct LifeRecord: Sendable {
    package let object: WatchedObject
    package let firstSeen: Instant
    /// When its path to a trusted CA ends: what its stages are counted to.
    package let expiry: Expiry
    /// By all registrations that see it now and have a use for it.
    package let standing: ObjectStanding
    /// What verification holds against it, by all registrations that see it.
    package let flaws: [Judgement.Flaw]
    package let endedAt: Instant?
    package let endedBecause: EndReason?
    package let successor: Fingerprint?
    /// When there may be something to decide; nil when there never is.
    package let nextDue: Instant?
    /// The stages that were decided.
    package let told: Set<Stage>
    /// Of them who see it now.
    package let watchers: Set<String>
    package let sightings: [SightingRecord]
    package let decisions: [DecisionRecord]

    package var subject: NoticeSubject { .object(object.fingerprint, object.kind) }
}

/// All that the ledger knows of an endpoint.
package struct EndpointRecord: Sendable {
    package let name: String
    package let url: String
    package let verdict: String
    package let since: Instant
    package let probedAt: Instant
}
