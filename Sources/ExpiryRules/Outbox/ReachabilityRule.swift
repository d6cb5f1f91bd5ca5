import Certificates

/// Decides when it is news that a receiver takes nothing.
package struct ReachabilityRule: Hashable, Sendable {
    /// For so long a receiver may take nothing.
    package static let defaultPatience = TimeSpan.days(1)
    /// Between two messages about one receiver.
    package static let pause = TimeSpan.hours(1)

    package let patience: TimeSpan

    package init(patience: TimeSpan = Self.defaultPatience) {
        self.patience = patience
    }

    /// What is known of a receiver.
    package struct Standing: Hashable, Sendable {
        /// Whether it is a receiver of the configuration.
        package var isConfigured = true
        /// When the first attempt failed since it last took something; nil when none did.
        package var failingSince: Instant?
        /// Whether a delivery is open that no silence holds.
        package var isAwaited = false
        /// Whether a delivery expired undelivered since it was told, or since the failing began.
        package var hasLost = false
        /// Whether it is told already that the receiver refuses what it is sent.
        package var isKnownToRefuse = false
        /// When it was told that it takes nothing; nil when that is not told.
        package var toldAt: Instant?

        package init() {}
    }

    /// Why the question is asked.
    package enum Occasion: Hashable, Sendable, CaseIterable {
        /// Time went by, or an attempt failed.
        case review
        /// A stage began while the one before was undelivered.
        case stageBegan
        /// A notice expired undelivered.
        case expired
        /// The receiver took something.
        case taken
    }

    package enum Decision: Hashable, Sendable {
        case nothing
        case tell
        /// It is told already, and there is more to tell.
        case tellAgain
        /// It is told already; what is shown of it is brought up to date.
        case update
        case close
    }

    package func decide(_ standing: Standing, on occasion: Occasion, at now: Instant) -> Decision {
        guard let toldAt = standing.toldAt else {
            return standing.isConfigured && isNews(standing, on: occasion, at: now) ? .tell : .nothing
        }
        guard standing.isConfigured, occasion != .taken else { return .close }
        // A renewal has made needless what waited, and nothing was lost.
        guard standing.isAwaited || standing.hasLost else { return .close }
        let isRested = toldAt + Self.pause <= now || now < toldAt
        return occasion == .expired && isRested ? .tellAgain : .update
    }

    private func isNews(_ standing: Standing, on occasion: Occasion, at now: Instant) -> Bool {
        switch occasion {
        case .taken: false
        case .expired: true
        case .stageBegan: standing.failingSince != nil && !standing.isKnownToRefuse
        case .review:
            standing.isAwaited && !standing.isKnownToRefuse
                && standing.failingSince.map { $0 + patience <= now } == true
        }
    }
}
