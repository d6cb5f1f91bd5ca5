import Certificates
import ExpiryRules

/// What an operator does to single deliveries.
extension Ledger {
    /// Makes a delivery due now, whatever its schedule and its receiver's gate say.
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

    /// Ends a delivery that an operator has seen to.
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
