import Certificates
import ExpiryRules

/// The facts of a summary.
package struct SummaryFacts: Hashable, Sendable {
    /// A certificate or list that has expired or expires soon.
    package struct Ending: Hashable, Sendable {
        package let registration: String
        package let kind: WatchedObject.Kind
        package let fingerprint: Fingerprint
        /// The certificate's subject, or the list's issuer.
        package let name: String
        package let expiry: Instant

        package init(
            registration: String, kind: WatchedObject.Kind, fingerprint: Fingerprint, name: String, expiry: Instant
        ) {
            self.registration = registration
            self.kind = kind
            self.fingerprint = fingerprint
            self.name = name
            self.expiry = expiry
        }
    }

    /// Passes since the last summary.
    package struct Passes: Hashable, Sendable {
        /// Passes that were completed.
        package var finished = 0
        /// The completed passes in which a source could not be read or a receiver could not be notified.
        package var troubled = 0
        /// Passes that failed or were cut short.
        package var unfinished = 0

        package init(finished: Int = 0, troubled: Int = 0, unfinished: Int = 0) {
            self.finished = finished
            self.troubled = troubled
            self.unfinished = unfinished
        }
    }

    /// Deliveries of other notices.
    package struct Deliveries: Hashable, Sendable {
        /// Since the last summary.
        package var made = 0
        package var open = 0
        /// The open deliveries that their receivers refused.
        package var parked = 0
        /// Expired undelivered since the last summary.
        package var expired = 0

        package init(made: Int = 0, open: Int = 0, parked: Int = 0, expired: Int = 0) {
            self.made = made
            self.open = open
            self.parked = parked
            self.expired = expired
        }
    }

    /// The last summary or, before the first one, the first pass.
    package var since: Instant
    package var certificates = 0
    package var revocationLists = 0
    package var endpoints = 0
    /// The sources that show a certificate or list.
    package var sources = 0
    /// Every source was read then or later; nil if none has been read in full yet.
    package var readSince: Instant?
    package var passes = Passes()
    /// The number of open findings. `findings` has the first of them.
    package var findingCount = 0
    package var findings: [Finding] = []
    /// The number of certificates and lists that expire within `outlook`. `endings` has the first of them, soonest
    /// first.
    package var endingCount = 0
    package var endings: [Ending] = []
    package var deliveries = Deliveries()
    /// When the next notice of a certificate or list is due; nil when none is. `nextName` names it.
    package var nextDue: Instant?
    package var nextName: String?

    package static let outlook = TimeSpan.days(30)
    package static let listLimit = 10

    package init(since: Instant) {
        self.since = since
    }
}
