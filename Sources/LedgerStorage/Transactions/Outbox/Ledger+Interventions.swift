import Certificates
import ExpiryRules

/// An operator's commands for single deliveries.
extension Ledger {
    /// Makes a delivery due now, regardless of its schedule and its receiver's gate.
    package func retryDelivery(_ id: Int64, at now: Instant) async throws -> DeliveryIntervention {
        try await engine.write { session in
            let record = try DeliveryReader(session: session).delivery(id)
            if let hold = record?.hold, hold.until > now { return .held(hold) }
            return try Self.intervene(in: record) { delivery in
                try session.deliveries.makeDue(id, at: now)
                try session.receivers.open(delivery.receiver)
            }
        }
    }

    /// Cancels a delivery that an operator has dealt with.
    package func cancelDelivery(_ id: Int64, at now: Instant) async throws -> DeliveryIntervention {
        try await engine.write { session in
            try Self.intervene(in: DeliveryReader(session: session).delivery(id)) { _ in
                try session.deliveries.cancelByHand(id, at: now)
            }
        }
    }

    private static func intervene(
        in record: DeliveryRecord?, _ act: (DeliveryRecord) throws -> Void
    ) throws -> DeliveryIntervention {
        guard let record else { return .unknown }
        guard record.state.isOpen, record.state != .sending else { return .impossible(record.state) }
        try act(record)
        return .done
    }
}
