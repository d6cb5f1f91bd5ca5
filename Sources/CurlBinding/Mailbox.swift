import Synchronization

/// How tasks speak to the loop's thread.
final class Mailbox: Sendable {
    enum Command {
        case start(TransferJob)
        case cancel(Ticket)
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

/// A transfer on its way to the loop's thread, and the task that waits for it. A reference, since queues move it about and
/// a `Transfer` is large.
final class TransferJob: Sendable {
    let transfer: Transfer
    let ticket: Ticket
    /// The host that the transfer counts against.
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

/// The identity of one transfer. Its flag is for a cancellation that overtakes the start.
final class Ticket: Sendable {
    private let cancelled = Atomic(false)

    var isCancelled: Bool { cancelled.load(ordering: .acquiring) }

    func cancel() {
        cancelled.store(true, ordering: .releasing)
    }
}
