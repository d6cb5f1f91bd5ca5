import AsyncAlgorithms
import ServiceLifecycle

/// Ticks at an interval while there is work to do, and sleeps while there is none.
package struct WorkTicker {
    private let interval: Duration
    private let changes: AsyncStream<Void>
    private let change: AsyncStream<Void>.Continuation

    package init(interval: Duration) {
        self.interval = interval
        (changes, change) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        change.yield()
    }

    /// Resumes the ticks, since there may be work now.
    package func wake() {
        change.yield()
    }

    /// Calls `action` at each tick until the service is shut down or the task is cancelled. For one caller only.
    package func run(while hasWork: () -> Bool, _ action: () async -> Void) async {
        for await _ in changes.cancelOnGracefulShutdown() where hasWork() {
            for await _ in AsyncTimerSequence(interval: interval, clock: .continuous).cancelOnGracefulShutdown() {
                await action()
                guard hasWork() else { break }
            }
        }
    }
}
