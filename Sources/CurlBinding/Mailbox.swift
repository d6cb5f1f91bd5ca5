import Synchronization

/// Passes commands from tasks to the thread of the loop.
final class Mailbox: Sendable {
    enum Command {
        case start(TransferJob)
        case cancel(Ticket)
        /// Close the connections of a `KeptConnections` that is gone.
        case close(ObjectIdentifier)
        case stop
    }

    let wakeUp: WakeUp
    private let commands = Mutex<[Command]>([])

    init() throws(TransferLoopError) {
        self.wakeUp = try WakeUp()
    }

    func post(_ command: Command) {
        commands.withLock { $0.append(command) }
        wakeUp.signal()
    }

    func takeAll() -> [Command] {
        wakeUp.acknowledge()
        return commands.withLock { commands in
            defer { commands = [] }
            return commands
        }
    }
}

/// A transfer for the thread of the loop, with the task that waits for it. A class, since queues move it and a
/// `Transfer` is large.
final class TransferJob: Sendable {
    let transfer: Transfer
    let ticket: Ticket
    /// The host whose limit the transfer counts against.
    let host: String
    private let continuation: CheckedContinuation<TransferResult, Never>

    init(transfer: Transfer, ticket: Ticket, continuation: CheckedContinuation<TransferResult, Never>) {
        self.transfer = transfer
        self.ticket = ticket
        self.host = transfer.host
        self.continuation = continuation
    }

    func finish(_ result: TransferResult) {
        continuation.resume(returning: result)
    }
}

/// The identity of one transfer. Its flag records a cancellation that arrives before the start.
final class Ticket: Sendable {
    private let cancelled = Atomic(false)

    var isCancelled: Bool { cancelled.load(ordering: .acquiring) }

    func cancel() {
        cancelled.store(true, ordering: .releasing)
    }
}
