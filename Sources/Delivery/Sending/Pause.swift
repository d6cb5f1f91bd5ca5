import Certificates
import Foundation
import Glibc

/// Waiting for the next attempt of a delivery.
package enum Pause {
    /// Returns after `span`, or at once when the task is cancelled.
    ///
    /// The kernel counts the time from now on. `Task.sleep` waits until a time of the monotonic clock instead, which never
    /// comes where a program such as libfaketime shows another one: `scan` would not end.
    @Sendable package static func wait(_ span: TimeSpan) async {
        let interruption = Interruption()
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                // A thread of its own: waiting must not take one from those that run tasks.
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

/// Ends a wait of another thread.
private final class Interruption: Sendable {
    private let pipe = Pipe()

    func signal() {
        // The other end wakes up at the end of the file.
        try? pipe.fileHandleForWriting.close()
    }

    func wait(for span: TimeSpan) {
        // No signal of the process interrupts this thread while it waits; it ends afterwards.
        var signals = sigset_t()
        sigfillset(&signals)
        pthread_sigmask(SIG_SETMASK, &signals, nil)
        var request = pollfd(fd: pipe.fileHandleForReading.fileDescriptor, events: Int16(POLLIN), revents: 0)
        poll(&request, 1, Int32(clamping: max(0, span.seconds) * 1_000))
    }
}
