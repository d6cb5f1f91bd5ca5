import Certificates
import ExpiryRules
import LedgerStorage

/// The notices that will be sent, with their receivers and times, if only time passes: nothing is renewed, removed or
/// found, and each receiver accepts its messages.
package struct Forecast: Sendable {
    package let from: Instant
    package let until: Instant
    /// Soonest first.
    package let notices: [ForecastNotice]
    /// The deliveries that need a person: their receiver is gone, or they are held for manual retry.
    package let undeliverable: [DeliveryRecord]
    /// The open findings. Their notices exist already, so the forecast has none for them.
    package let findings: [Finding]

    /// The assumptions of a forecast, for people.
    package static let assumption = """
        nothing is renewed, removed or found meanwhile, the configuration stays, and each receiver takes what it is sent
        """
}

/// A notice with all receivers that get it at the same time.
package struct ForecastNotice: Sendable {
    package struct Receiver: Hashable, Sendable {
        package let name: String
        /// The id of the message that contains the notice. All notices of a digest have the same.
        package let messageID: String
    }

    package let at: Instant
    package let facts: NoticeFacts
    /// The registration as configured now; nil when it was removed from the configuration.
    package let registration: Registration?
    /// In the configuration's order; empty for a notice without receivers.
    package internal(set) var audience: [Receiver]
    /// The state of its deliveries in the outbox; nil for a notice that does not exist yet.
    package let waiting: DeliveryState?

    package var receivers: [String] { audience.map(\.name) }
}
