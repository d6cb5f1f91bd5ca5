import Certificates
import ExpiryRules

/// How everything stands, for a summary.
package struct SummaryFacts: Hashable, Sendable {
    /// Something that stops working soon, or has.
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
        /// They came to their end.
        package var finished = 0
        /// Of these, something could not be read, or some receiver could not be told.
        package var troubled = 0
        /// They failed, or were cut short.
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
        /// Of the open ones, refused by their receivers.
        package var parked = 0
        /// Undelivered, since the last summary.
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
    /// Places that show something.
    package var sources = 0
    /// Each of them was read then or later; nil where none was read in full so far.
    package var readSince: Instant?
    package var passes = Passes()
    /// All that are open, and the first of them.
    package var findingCount = 0
    package var findings: [Finding] = []
    /// All that end within `outlook`, and the first of them, the soonest first.
    package var endingCount = 0
    package var endings: [Ending] = []
    package var deliveries = Deliveries()
    /// When the next certificate or list is to be told of, and which; nil when none is.
    package var nextDue: Instant?
    package var nextName: String?

    package static let outlook = TimeSpan.days(30)
    package static let listLimit = 10

    package init(since: Instant) {
        self.since = since
    }
}
