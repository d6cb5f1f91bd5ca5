import CurlBinding
import LedgerStorage
import Synchronization

/// A run of notafter that stops before and after everything that leaves a trace, and goes on when it is told to.
///
/// Its ledger and its connections are the real ones' last step: all code between them is what runs in production.
final class SteppedRun: Sendable {
    /// Where a run stands.
    enum Stop: Sendable, Equatable {
        case looking
        /// Before a transaction.
        case writing
        /// A transaction is committed, and nothing that follows from it was done.
        case committed
        /// Before a message leaves; the lease was looked at for the last time.
        case sending
        /// The receiver has done what it does; nobody here knows of it yet.
        case answered
        case ended
    }

    enum Order: Sendable {
        case go
        /// Ends here, as by `kill -9`. A transaction that was about to begin is rolled back at its very end.
        case die
        /// What a message meets.
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

    /// `receiver` is given each message that it takes.
    init(receiver: @escaping @Sendable (Transfer) -> Void) {
        self.receiver = receiver
    }

    /// Begins the run, and returns where it first stops.
    func start(_ work: @escaping @Sendable (SteppedRun) async throws -> Void) async -> Stop {
        await withCheckedContinuation { continuation in
            state.withLock { $0.scheduler = continuation }
            Task {
                do { try await work(self) } catch is Killed {} catch { self.state.withLock { $0.error = error } }
                self.arrive(at: .ended, waiting: nil)
            }
        }
    }

    /// Lets the run go on, and returns where it stops next.
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

    /// What the run threw, other than being killed.
    var error: (any Error)? { state.withLock { $0.error } }

    var isDead: Bool { state.withLock { $0.isDead } }

    /// Called by the run: waits for what to do.
    func reach(_ stop: Stop) async -> Order {
        guard !isDead else { return .die }
        return await withCheckedContinuation { arrive(at: stop, waiting: $0) }
    }

    /// - Throws: `Killed` when it ends here.
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

/// The ledger as one run has it.
struct SteppedEngine: LedgerEngine {
    let base: any LedgerEngine
    let run: SteppedRun
    /// Looks at what a transaction has left.
    let afterCommit: @Sendable () async throws -> Void

    func write<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws -> Value
    ) async throws -> Value {
        guard !run.isDead else { throw SteppedRun.Killed() }
        let order = await run.reach(.writing)
        let value = try await base.write { session in
            let value = try body(session)
            // At its very end, so that whatever was written before has to be taken back.
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
