import Certificates
import ExpiryRules
import LedgerStorage

/// Which notices will go to whom and when, if nothing but the time changes: nothing is renewed, removed or found, and each
/// receiver takes what it is sent.
package struct Forecast: Sendable {
    package let from: Instant
    package let until: Instant
    /// Soonest first.
    package let notices: [ForecastNotice]
    /// What goes nowhere before somebody sees to it: its receiver said that it is gone, or it is held.
    package let undeliverable: [DeliveryRecord]
    /// What is wrong already, and was told or is waiting to be: no notice of it is to come.
    package let findings: [Finding]

    /// What it rests on, for people.
    package static let assumption = """
        nothing is renewed, removed or found meanwhile, the configuration stays, and each receiver takes what it is sent
        """
}

/// A notice at one time to those who are told of it then.
package struct ForecastNotice: Sendable {
    package struct Receiver: Hashable, Sendable {
        package let name: String
        /// Of the message that tells it: several notices share that of a digest.
        package let messageID: String
    }

    package let at: Instant
    package let facts: NoticeFacts
    /// As it is configured now; nil when it was taken out.
    package let registration: Registration?
    /// In the configuration's order; empty when nobody is told.
    package internal(set) var audience: [Receiver]
    /// How its deliveries stand in the outbox; nil when it is still to be decided.
    package let waiting: DeliveryState?

    package var receivers: [String] { audience.map(\.name) }
}
