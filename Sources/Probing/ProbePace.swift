import Synchronization

/// How fast probes follow each other, and which endpoints were found to serve one connection at a time.
final class ProbePace: Sendable {
    /// Before each probe of a series that is made alone: first a moment, in which a server notices that the last connection
    /// has ended, then longer than the windows of two seconds over which proxies count connections.
    let pauses: [Duration]
    private let sequential = Mutex<Set<String>>([])

    init(pauses: [Duration]) {
        self.pauses = pauses
    }

    /// Whether an earlier round found that `endpoint` answers in sequence what it does not answer at once.
    func isSequential(_ endpoint: Endpoint) -> Bool {
        sequential.withLock { $0.contains(endpoint.url) }
    }

    func remember(_ endpoint: Endpoint) {
        sequential.withLock { _ = $0.insert(endpoint.url) }
    }
}
