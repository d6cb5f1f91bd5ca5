/// The state of a delivery. The ledger stores the raw values.
///
/// `pending`, `retry`, `unknown` and `parked` are claimed when they are due. `sending` ends with a settlement, or
/// another claimant takes it over when its lease has expired. The other states are final.
package enum DeliveryState: String, Hashable, Sendable, CaseIterable {
    case pending
    /// Claimed, and being sent until its lease expires.
    case sending
    /// The receiver certainly does not have it. It is retried.
    case retry
    /// The receiver may have it, since there was no answer. It is retried under the same id.
    case unknown
    /// The receiver refused it. It is retried rarely, and at once when the receiver's settings change.
    case parked
    case delivered
    /// A notice of a more urgent stage replaced it.
    case superseded
    /// The certificate was renewed, removed or unregistered before the delivery.
    case cancelled
    /// It was not delivered while it was useful.
    case expired

    /// Whether the delivery can still be sent.
    package var isOpen: Bool {
        switch self {
        case .pending, .sending, .retry, .unknown, .parked: true
        case .delivered, .superseded, .cancelled, .expired: false
        }
    }

    /// Whether a sender may lease the delivery when it is due.
    package var isClaimable: Bool { isOpen && self != .sending }

    /// Whether the delivery can be sent after all, because what ended it no longer holds.
    var isRevivable: Bool { self == .cancelled || self == .expired }
}
