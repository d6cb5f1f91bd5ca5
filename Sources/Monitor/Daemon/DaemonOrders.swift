import Synchronization

/// Orders to a running daemon besides signals: its listener gives them for its clients.
package final class DaemonOrders: Sendable {
    /// How reading the configuration anew went.
    package enum ReloadOutcome: Hashable, Sendable {
        case succeeded
        /// The old configuration stays in use. The reason has every problem, one a line.
        case failed(reason: String)
    }

    enum Order: Sendable {
        /// Read the configuration anew, as for SIGHUP.
        case reload
        /// Make a pass now, or as soon as the one in progress has ended.
        case pass
    }

    let orders: AsyncStream<Order>
    private let inbox: AsyncStream<Order>.Continuation
    /// The callers that wait for the outcome of a reload.
    private let waiting = Mutex<[AsyncStream<ReloadOutcome>.Continuation]>([])

    package init() {
        (orders, inbox) = AsyncStream.makeStream()
    }

    /// Makes the daemon read its configuration anew.
    ///
    /// - Returns: how it went; nil when the daemon was busy for longer than `patience`. Then it does so later.
    package func reload(within patience: Duration) async -> ReloadOutcome? {
        let (outcomes, outcome) = AsyncStream.makeStream(
            of: ReloadOutcome.self, bufferingPolicy: .bufferingNewest(1))
        waiting.withLock { $0.append(outcome) }
        inbox.yield(.reload)
        return await withTaskGroup(of: ReloadOutcome?.self) { group in
            group.addTask { await outcomes.first { _ in true } }
            group.addTask {
                // Cancelled when the outcome comes first.
                try? await Task.sleep(for: patience)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
    }

    /// Removes and returns the callers that get the outcome of the reload that begins now.
    func takeWaiting() -> [AsyncStream<ReloadOutcome>.Continuation] {
        waiting.withLock { list in
            defer { list = [] }
            return list
        }
    }

    /// Makes the daemon begin a pass. Orders that come before it begins make one pass together.
    package func makePass() {
        inbox.yield(.pass)
    }
}
