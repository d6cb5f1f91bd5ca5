import Certificates
import ExpiryRules

/// The facts of a notice, from which messages are made.
package struct NoticeFacts: Hashable, Sendable {
    package let identity: NoticeIdentity
    package let registration: String
    package let severity: Severity
    /// What a finding states; nil for any other notice.
    package let finding: FindingFacts?
    /// When the condition began. `observedAt` is when notafter noticed it.
    package let occurredAt: Instant
    package let observedAt: Instant
    /// The stages that were crossed without an observation. `notObservedSince` is the last observation before them.
    package let missed: [Stage]
    package let notObservedSince: Instant?
    /// The object that expires; nil for a finding.
    package let object: WatchedObject?
    package let successor: WatchedObject?
    /// The end before the object's own notAfter, and its cause; nil without one.
    package let earlyEnd: EarlyEnd?
    /// The certificates and endpoints that stop working with the object.
    package let dependents: Dependents
    /// The current locations of the certificate, at most `locationLimit`.
    package let locations: [Location]
    /// The other stages of the certificate in this episode: those that were decided or, for one receiver, those that it
    /// may have received.
    package let earlier: [EarlierStage]
    /// The earlier notices of a finding that has changed, the oldest first.
    package let former: [FormerTelling]
    /// What the receiver got about this subject in digests.
    package internal(set) var digests: NotifiedDigests
    /// When the facts were read: at the first attempt to send the message.
    package let askedAt: Instant
    /// The facts of a summary at that time; nil for any other notice.
    package var summaryFacts: SummaryFacts?

    package static let locationLimit = 20

    package init(
        identity: NoticeIdentity, registration: String, severity: Severity, finding: FindingFacts?, occurredAt: Instant,
        observedAt: Instant, missed: [Stage], notObservedSince: Instant?, object: WatchedObject?,
        successor: WatchedObject?, earlyEnd: EarlyEnd? = nil, dependents: Dependents = Dependents(),
        locations: [Location], earlier: [EarlierStage] = [], former: [FormerTelling] = [],
        digests: NotifiedDigests = NotifiedDigests(), askedAt: Instant
    ) {
        self.identity = identity
        self.registration = registration
        self.severity = severity
        self.finding = finding
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

    /// When the object stops working, an early end included; nil for a finding and for an unknown or missing expiry.
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

/// The certificates and endpoints that stop working when a CA or a revocation list expires.
package struct Dependents: Hashable, Sendable {
    /// The number of registered certificates.
    package let certificates: Int
    /// The endpoints that present one of them or that are probed with one, at most `endpointLimit`.
    package let endpoints: [String]

    package static let endpointLimit = 20

    package init(certificates: Int = 0, endpoints: [String] = []) {
        self.certificates = certificates
        self.endpoints = endpoints
    }
}

/// An earlier notice of a finding that has changed.
package struct FormerTelling: Hashable, Sendable {
    package let episode: Int64
    package let severity: Severity

    package init(episode: Int64, severity: Severity) {
        self.episode = episode
        self.severity = severity
    }
}

/// What one receiver got about a subject in digests.
package struct NotifiedDigests: Hashable, Sendable {
    /// The stages that it got only in digests, in seconds before expiry.
    package let stages: Set<Int64>
    /// The identifiers of the digests without any notice that is still open.
    package internal(set) var over: [String]

    package init(stages: Set<Int64> = [], over: [String] = []) {
        self.stages = stages
        self.over = over
    }
}

/// An earlier stage, with the severity of its notice.
package struct EarlierStage: Hashable, Sendable {
    package let stage: Stage
    package let severity: Severity

    package init(stage: Stage, severity: Severity) {
        self.stage = stage
        self.severity = severity
    }
}
