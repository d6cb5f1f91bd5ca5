import Glibc

/// Performs any number of concurrent transfers on one thread of its own. The thread is blocked in the kernel while
/// idle.
package final class TransferLoop: Sendable {
    private let mailbox: Mailbox

    /// - Throws: `TransferLoopError` when the kernel or libcurl refuses a resource.
    package init() throws {
        let mailbox = try Mailbox()
        let driver = try TransferDriver(mailbox: mailbox)
        try Self.startThread(driver)
        self.mailbox = mailbox
    }

    deinit {
        // No transfer is in progress, since each one retains the loop.
        mailbox.post(.stop)
    }

    /// Performs one transfer. It does not throw: the result has a code and a message.
    ///
    /// When the task is cancelled, the connection is closed at once and the result's code is `cancelled`.
    package func perform(_ transfer: Transfer) async -> TransferResult {
        let ticket = Ticket()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                mailbox.post(.start(TransferJob(transfer: transfer, ticket: ticket, continuation: continuation)))
            }
        } onCancel: {
            ticket.cancel()
            mailbox.post(.cancel(ticket))
        }
    }

    /// Connections that transfers of this loop can share.
    package func keepConnections() -> KeptConnections? { KeptConnections(mailbox: mailbox) }

    private static func startThread(_ driver: TransferDriver) throws(TransferLoopError) {
        let context = Unmanaged.passRetained(driver).toOpaque()
        var all = sigset_t()
        var before = sigset_t()
        sigfillset(&all)
        // The thread inherits a mask that blocks all signals, so that other threads handle the signals of the process.
        pthread_sigmask(SIG_SETMASK, &all, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { context in
                if let context {
                    Unmanaged<TransferDriver>.fromOpaque(context).takeRetainedValue().run()
                }
                return nil
            }, context)
        guard code == 0 else {
            Unmanaged<TransferDriver>.fromOpaque(context).release()
            throw TransferLoopError(operation: "starting a thread", cause: String(cString: strerror(code)))
        }
        pthread_detach(thread)
    }
}
