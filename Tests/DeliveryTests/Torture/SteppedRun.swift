import CurlBinding
import LedgerStorage
import Synchronization

/// A run of notafter that stops before and after each externally visible step, and continues when told to.
///
/// Only the last step of ledger and connections is replaced. All other code is production code.
final class SteppedRun: Sendable {
    /// The step at which a run stops.
    enum Stop: Sendable, Equatable {
        case looking
        /// Before a transaction.
        case writing
        /// A transaction is committed, and nothing after it was done.
        case committed
        /// Before a message is sent, after the last check of the lease.
        case sending
        /// The receiver has handled the message, and the run does not know the result yet.
        case answered
        case ended
    }

    enum Order: Sendable {
        case go
        /// Ends here, as with `kill -9`. A transaction that is about to begin is rolled back at its very end.
        case die
        /// The response to a message.
        case answer(TransferResult, takes: Bool)
    }

    struct Killed: Error {}

    private struct State {
        var isDead = false
        var error: (any Error)?
        var run: CheckedContinuation<Order, Never>?
        var scheduler: CheckedContinuation<Stop, Never>?
    }

    private let state = Mutex(State())
    private let receiver: @Sendable (Transfer) -> Void

    /// `receiver` is called with each message that it accepts.
    init(receiver: @escaping @Sendable (Transfer) -> Void) {
        self.receiver = receiver
    }

    /// Starts the run and returns its first stop.
    func start(_ work: @escaping @Sendable (SteppedRun) async throws -> Void) async -> Stop {
        await withCheckedContinuation { continuation in
            state.withLock { $0.scheduler = continuation }
            Task {
                do { try await work(self) } catch is Killed {} catch { self.state.withLock { $0.error = error } }
                self.arrive(at: .ended, waiting: nil)
            }
        }
    }

    /// Continues the run and returns its next stop.
    func go(on order: Order = .go) async -> Stop {
        await withCheckedContinuation { continuation in
            let run = state.withLock { state in
                defer { state.run = nil }
                if case .die = order { state.isDead = true }
                state.scheduler = continuation
                return state.run
            }
            run?.resume(returning: order)
        }
    }

    /// The error of the run, unless it was killed.
    var error: (any Error)? { state.withLock { $0.error } }

    var isDead: Bool { state.withLock { $0.isDead } }

    /// Called by the run. Waits for its order.
    func reach(_ stop: Stop) async -> Order {
        guard !isDead else { return .die }
        return await withCheckedContinuation { arrive(at: stop, waiting: $0) }
    }

    /// - Throws: `Killed` when the run ends here.
    func pass(_ stop: Stop) async throws {
        if case .die = await reach(stop) { throw Killed() }
    }

    private func arrive(at stop: Stop, waiting run: CheckedContinuation<Order, Never>?) {
        let scheduler = state.withLock { state in
            defer { state.scheduler = nil }
            state.run = run
            return state.scheduler
        }
        scheduler?.resume(returning: stop)
    }
}

extension SteppedRun: TransferPerforming {
    func perform(_ transfer: Transfer) async -> TransferResult {
        guard case .answer(let result, let takes) = await reach(.sending) else { return Self.cutOff }
        if takes { receiver(transfer) }
        guard case .go = await reach(.answered) else { return Self.cutOff }
        return result
    }

    private static let cutOff = TransferResult(code: .cancelled, message: "cancelled")
}

/// The ledger as one run uses it.
struct SteppedEngine: LedgerEngine {
    let base: any LedgerEngine
    let run: SteppedRun
    /// Checks the state after a transaction.
    let afterCommit: @Sendable () async throws -> Void

    func write<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws -> Value
    ) async throws -> Value {
        guard !run.isDead else { throw SteppedRun.Killed() }
        let order = await run.reach(.writing)
        let value = try await base.write { session in
            let value = try body(session)
            // At the very end of the transaction, so that all of its writes must be rolled back.
            if case .die = order { throw SteppedRun.Killed() }
            return value
        }
        try await afterCommit()
        try await run.pass(.committed)
        return value
    }

    func read<Value: Sendable>(_ body: @escaping @Sendable (any SQLSession) throws -> Value) async throws -> Value {
        try await base.read(body)
    }
}
