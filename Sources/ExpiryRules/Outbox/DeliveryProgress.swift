/// The progress of one delivery. With `after(_:)` it is the state machine of the outbox, on which the promises P1 to P4
/// of docs/promises.md rest.
package struct DeliveryProgress: Hashable, Sendable {
    package private(set) var state: DeliveryState
    /// Whether an attempt may have arrived without an answer, so that the next one may be a duplicate.
    package private(set) var mayHaveBeenSeen: Bool
    package private(set) var attempts: Int

    package init(state: DeliveryState = .pending, mayHaveBeenSeen: Bool = false, attempts: Int = 0) {
        self.state = state
        self.mayHaveBeenSeen = mayHaveBeenSeen
        self.attempts = attempts
    }

    /// The progress after `event`; nil if the event does not apply in this state.
    package func after(_ event: DeliveryEvent) -> DeliveryProgress? {
        guard let state = state(after: event) else { return nil }
        var next = self
        next.state = state
        next.attempts += event == .leased ? 1 : 0
        next.mayHaveBeenSeen = mayHaveBeenSeen || isLeftUnanswered(by: event)
        return next
    }

    private func state(after event: DeliveryEvent) -> DeliveryState? {
        switch event {
        case .accepted: .delivered
        case .leased: state.isClaimable ? .sending : nil
        case .leaseExpired, .unanswered: state == .sending ? .unknown : nil
        case .failed: state == .sending ? .retry : nil
        case .refused: state == .sending ? .parked : nil
        // An attempt in progress is settled first, since its result decides whether a resolution follows.
        case .superseded: state.isClaimable ? .superseded : nil
        case .cancelled: state.isClaimable ? .cancelled : nil
        case .expired: state.isClaimable ? .expired : nil
        case .receiverRemoved: state.isOpen ? .cancelled : nil
        case .revived: state.isRevivable ? resumed : nil
        }
    }

    /// Whether `event` leaves an attempt in progress without a known result.
    private func isLeftUnanswered(by event: DeliveryEvent) -> Bool {
        switch event {
        case .unanswered, .leaseExpired: true
        case .receiverRemoved: state == .sending
        case .leased, .accepted, .failed, .refused, .superseded, .cancelled, .expired, .revived: false
        }
    }

    /// The state of a delivery that is to be sent after all.
    private var resumed: DeliveryState {
        mayHaveBeenSeen ? .unknown : attempts > 0 ? .retry : .pending
    }
}
