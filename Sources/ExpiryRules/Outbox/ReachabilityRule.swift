import Certificates

/// Decides when to open, renew and close the finding that a receiver is unreachable.
package struct ReachabilityRule: Hashable, Sendable {
    /// How long a receiver may accept nothing by default.
    package static let defaultPatience = TimeSpan.days(1)
    /// The shortest time between two notices about one receiver.
    package static let pause = TimeSpan.hours(1)

    package let patience: TimeSpan

    package init(patience: TimeSpan = Self.defaultPatience) {
        self.patience = patience
    }

    /// The known state of a receiver.
    package struct Standing: Hashable, Sendable {
        /// Whether the receiver is configured.
        package var isConfigured = true
        /// The first failure since it last accepted a message; nil without a failure.
        package var failingSince: Instant?
        /// Whether a delivery is open that no silence holds.
        package var isAwaited = false
        /// Whether a delivery expired undelivered since the failures began or the finding was opened.
        package var hasLost = false
        /// Whether there is an open finding that the receiver refuses messages.
        package var isKnownToRefuse = false
        /// When the current episode of the finding began; nil without an open finding.
        package var notifiedAt: Instant?

        package init() {}
    }

    /// The event that causes the decision.
    package enum Occasion: Hashable, Sendable, CaseIterable {
        /// A periodic review, or a failed attempt.
        case review
        /// A stage began while the previous one was undelivered.
        case stageBegan
        /// A notice expired undelivered.
        case expired
        /// The receiver accepted a message.
        case taken
    }

    package enum Decision: Hashable, Sendable {
        case nothing
        case notify
        /// The finding is open, and a new notice is due.
        case notifyAgain
        /// The finding is open, and only its sentence is updated.
        case update
        case close
    }

    package func decide(_ standing: Standing, on occasion: Occasion, at now: Instant) -> Decision {
        guard let notifiedAt = standing.notifiedAt else {
            return standing.isConfigured && isNews(standing, on: occasion, at: now) ? .notify : .nothing
        }
        guard standing.isConfigured, occasion != .taken else { return .close }
        // Nothing waits any more, for example after a renewal, and nothing was lost.
        guard standing.isAwaited || standing.hasLost else { return .close }
        let isRested = notifiedAt + Self.pause <= now || now < notifiedAt
        return occasion == .expired && isRested ? .notifyAgain : .update
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
