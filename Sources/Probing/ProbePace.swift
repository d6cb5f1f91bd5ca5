import Synchronization

/// The pauses between repeated probes, and the endpoints that were found to serve one connection at a time.
final class ProbePace: Sendable {
    /// The pause before each probe of a series of repeated probes: at first a moment, in which a server notices the end
    /// of the last connection, then longer than the two-second windows in which proxies count connections.
    let pauses: [Duration]
    private let sequential = Mutex<Set<String>>([])

    init(pauses: [Duration]) {
        self.pauses = pauses
    }

    /// Whether an earlier round found that `endpoint` responds to sequential probes but not to concurrent ones.
    func isSequential(_ endpoint: Endpoint) -> Bool {
        sequential.withLock { $0.contains(endpoint.url) }
    }

    func remember(_ endpoint: Endpoint) {
        sequential.withLock { _ = $0.insert(endpoint.url) }
    }
}
