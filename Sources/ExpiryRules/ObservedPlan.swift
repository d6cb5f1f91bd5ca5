import Certificates

/// The registration of the client certificates that edges report, and for how long they are watched.
package struct ObservedPlan: Hashable, Sendable {
    /// The name of the registration.
    package let registration: String
    /// A certificate that no edge has reported for this long is no longer watched.
    package let forgetAfter: TimeSpan
    /// The most certificates that are watched at once.
    package let limit: Int

    package init(
        registration: String = Self.registrationName, forgetAfter: TimeSpan = Self.defaultForgetAfter,
        limit: Int = Self.defaultLimit
    ) {
        self.registration = registration
        self.forgetAfter = forgetAfter
        self.limit = limit
    }

    package static let registrationName = "observed"
    /// Longer than the pause between two uses of most clients.
    package static let defaultForgetAfter = TimeSpan.days(30)
    package static let defaultLimit = 10_000

    /// A certificate that was not used for this long, while its successor was, counts as renewed. Some clients run once
    /// a day.
    package static let quietBeforeRenewal = TimeSpan.hours(48)

    /// Whether `count` watched certificates are so far below the limit that the finding about it ends. The margin keeps
    /// a count near the limit from opening and closing it in turn.
    package func isRelieved(at count: Int) -> Bool {
        count <= limit - max(1, limit / 20)
    }
}
