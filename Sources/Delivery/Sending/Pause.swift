import Certificates
import Foundation
import Glibc

/// Waiting for the next attempt of a delivery.
package enum Pause {
    /// Returns after `span`, or at once when the task is cancelled.
    ///
    /// The kernel counts the span from now on. `Task.sleep` waits for a time of the monotonic clock instead. Under a
    /// fake clock, such as libfaketime, that time never comes, and `scan` would not end.
    @Sendable package static func wait(_ span: TimeSpan) async {
        let interruption = Interruption()
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                // A thread of its own, because blocking must not occupy a thread of the cooperative pool.
                Thread.detachNewThread {
                    interruption.wait(for: span)
                    continuation.resume()
                }
            }
        } onCancel: {
            interruption.signal()
        }
    }
}

/// Interrupts a wait on another thread.
private final class Interruption: Sendable {
    private let pipe = Pipe()

    func signal() {
        // Closing the pipe wakes the reader with end of file.
        try? pipe.fileHandleForWriting.close()
    }

    func wait(for span: TimeSpan) {
        // All signals are blocked, so that none interrupts the wait. The thread ends afterwards.
        var signals = sigset_t()
        sigfillset(&signals)
        pthread_sigmask(SIG_SETMASK, &signals, nil)
        var request = pollfd(fd: pipe.fileHandleForReading.fileDescriptor, events: Int16(POLLIN), revents: 0)
        poll(&request, 1, Int32(clamping: max(0, span.seconds) * 1_000))
    }
}
