import Certificates

/// What an authorised client can have done.
package enum Intervention: Hashable, Sendable {
    /// Read the configuration anew, as for SIGHUP.
    case reload
    /// Make a pass now.
    case scan
    /// `silence add`
    case addSilence(SilenceRequest)
    /// `silence expire`
    case endSilence(Int64)
    /// `deliveries retry`
    case retryDelivery(Int64)
    /// `deliveries cancel`
    case cancelDelivery(Int64)
}

/// How an intervention ended. The texts with JSON are documents of the API.
package enum InterventionOutcome: Hashable, Sendable {
    case done(json: String)
    /// There is something new at `path`.
    case created(json: String, path: String)
    /// It will be done.
    case accepted(json: String)
    /// Nothing changed. The reason is a sentence for people, with the next step.
    case refused(InterventionRefusal, reason: String)
}

/// Why an intervention changes nothing.
package enum InterventionRefusal: Hashable, Sendable {
    /// There is no such silence or delivery.
    case unknown
    /// The state of the silence, the delivery or the configuration does not allow it.
    case conflict
    /// A value of the request has no meaning here.
    case invalid
}

/// A silence that a person asks for, on the command line or over HTTP.
package struct SilenceRequest: Hashable, Sendable {
    /// `KEY=VALUE`
    package let matchers: [String]
    /// How long from now; nil with `end`.
    package let duration: TimeSpan?
    package let end: Instant?
    package let reason: String
    package let author: String

    package init(matchers: [String], duration: TimeSpan?, end: Instant?, reason: String, author: String) {
        self.matchers = matchers
        self.duration = duration
        self.end = end
        self.reason = reason
        self.author = author
    }
}
