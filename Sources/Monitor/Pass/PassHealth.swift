import Certificates
import Delivery
import LedgerStorage

/// Whether a pass did its work: it read all sources, and all notices can be delivered.
///
/// Findings do not count. A pass that reports an expired certificate or a failing endpoint is a good pass.
package struct PassHealth: Hashable, Sendable {
    let sources: Int
    /// How many of `sources` could not be read.
    let unreadSources: Int
    let probes: Int
    let outbox: OutboxState
    var configuration = ConfigurationCurrency.current

    /// Short phrases. They contain no names, because the heartbeat sends them to an external service.
    package var problems: [String] {
        let counts = [
            (unreadSources, "source", "sources", "could not be read"),
            (outbox.parked, "delivery", "deliveries", "refused by the receiver"),
            (outbox.expired, "delivery", "deliveries", "expired undelivered"),
            (outbox.disabledReceivers.count, "receiver", "receivers", "gone"),
            (outbox.unreachableReceivers.count, "receiver", "receivers", "taking nothing"),
        ]
        let reload =
            switch configuration {
            case .current: [String]()
            case .outdated: ["the configuration has errors and was not reloaded"]
            }
        return reload + counts.filter { $0.0 > 0 }.map { "\(counted($0.0, $0.1, plural: $0.2)) \($0.3)" }
    }

    var outcome: RunOutcome { problems.isEmpty ? .good : .troubled }

    var signal: Heartbeat.Signal {
        guard problems.isEmpty else { return .failed("notafter: \(problems.joined(separator: "; "))") }
        let open = counted(outbox.open, "delivery", plural: "deliveries")
        return .good(
            "notafter: \(counted(sources, "source")) read, \(counted(probes, "endpoint")) probed, \(open) still open")
    }
}
