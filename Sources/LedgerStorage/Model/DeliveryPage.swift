/// Some deliveries, the newest first.
package struct DeliveryPage: Sendable {
    /// Which deliveries to show.
    package enum Selection: String, Hashable, Sendable, CaseIterable {
        case all
        /// Those that are not settled.
        case open
        /// Those that their receiver refused.
        case parked
        /// Those that expired undelivered.
        case expired
    }

    package let deliveries: [DeliveryRecord]
    /// The id before which the next page begins; nil when nothing follows.
    package let next: Int64?
}
