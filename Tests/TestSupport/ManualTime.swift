import Certificates
import Synchronization

/// A clock that only moves when a test sets it.
package final class ManualTime: TimeSource {
    private let instant: Mutex<Instant>

    package init(_ instant: Instant) {
        self.instant = Mutex(instant)
    }

    package var now: Instant {
        get { instant.withLock { $0 } }
        set { instant.withLock { $0 = newValue } }
    }

    /// Moves the clock. A negative span moves it back.
    package func advance(by span: TimeSpan) {
        instant.withLock { $0 = $0 + span }
    }
}
