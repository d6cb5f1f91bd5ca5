import Certificates
import ExpiryRules

/// Everything that a message about a notice can say.
package struct NoticeFacts: Hashable, Sendable {
    package let identity: NoticeIdentity
    package let registration: String
    package let severity: Severity
    /// The finding's sentence.
    package let message: String?
    /// When it became true, and when notafter saw that.
    package let occurredAt: Instant
    package let observedAt: Instant
    /// The stages that passed while nobody looked, and since when nobody did.
    package let missed: [Stage]
    package let notObservedSince: Instant?
    /// What expires; nil for a finding.
    package let object: WatchedObject?
    package let successor: WatchedObject?
    /// What ends it before its own end; nil where nothing does.
    package let earlyEnd: EarlyEnd?
    /// What falls with it.
    package let dependents: Dependents
    /// Where the certificate lies now, at most `locationLimit` places.
    package let locations: [Location]
    /// What else of the same subject was decided in this episode, or, for a receiver, told: the other stages of a
    /// certificate.
    package let earlier: [EarlierStage]
    /// Of a finding that has become another one: as what it was told before, the oldest first.
    package let former: [FormerTelling]
    /// What the receiver was told of this subject in digests.
    package internal(set) var digests: ToldDigests
    /// When this was asked: at the first attempt to send it.
    package let askedAt: Instant
    /// How everything stood then; nil for what is no summary.
    package var summaryFacts: SummaryFacts?

    package static let locationLimit = 20

    package init(
        identity: NoticeIdentity, registration: String, severity: Severity, message: String?, occurredAt: Instant,
        observedAt: Instant, missed: [Stage], notObservedSince: Instant?, object: WatchedObject?,
        successor: WatchedObject?, earlyEnd: EarlyEnd? = nil, dependents: Dependents = Dependents(),
        locations: [Location], earlier: [EarlierStage] = [], former: [FormerTelling] = [],
        digests: ToldDigests = ToldDigests(), askedAt: Instant
    ) {
        self.identity = identity
        self.registration = registration
        self.severity = severity
        self.message = message
        self.occurredAt = occurredAt
        self.observedAt = observedAt
        self.missed = missed
        self.notObservedSince = notObservedSince
        self.object = object
        self.successor = successor
        self.earlyEnd = earlyEnd
        self.dependents = dependents
        self.locations = locations
        self.earlier = earlier
        self.former = former
        self.digests = digests
        self.askedAt = askedAt
    }

    package var certificate: Certificate? { object?.certificate }

    /// When it really stops working; nil for a finding, and where nobody can tell.
    package var expiry: Instant? {
        if let earlyEnd { return earlyEnd.expiry }
        guard case .at(let instant) = object?.validity.expiry else { return nil }
        return instant
    }

    /// The stage, for a notice of one.
    package var stage: Stage? {
        identity.stage >= 0 ? Stage(secondsBefore: identity.stage) : nil
    }
}

/// What stops working when a CA or a revocation list does.
package struct Dependents: Hashable, Sendable {
    /// How many registered certificates.
    package let certificates: Int
    /// The endpoints that present one of them, or are opened by one; at most `endpointLimit`.
    package let endpoints: [String]

    package static let endpointLimit = 20

    package init(certificates: Int = 0, endpoints: [String] = []) {
        self.certificates = certificates
        self.endpoints = endpoints
    }
}

/// A finding as it was told before it became another one.
package struct FormerTelling: Hashable, Sendable {
    package let episode: Int64
    package let severity: Severity

    package init(episode: Int64, severity: Severity) {
        self.episode = episode
        self.severity = severity
    }
}

/// What one receiver was told of a subject in digests.
package struct ToldDigests: Hashable, Sendable {
    /// The stages of which it was told in no other way, as a notice's identity has them.
    package let stages: Set<Int64>
    /// The identifiers of those digests of which nothing is left that is still to be told.
    package internal(set) var over: [String]

    package init(stages: Set<Int64> = [], over: [String] = []) {
        self.stages = stages
        self.over = over
    }
}

/// A stage that was told before, as it was told.
package struct EarlierStage: Hashable, Sendable {
    package let stage: Stage
    package let severity: Severity

    package init(stage: Stage, severity: Severity) {
        self.stage = stage
        self.severity = severity
    }
}
