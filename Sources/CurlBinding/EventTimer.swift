import CCurl
import Glibc

/// The sole owner of a timer that becomes readable when it expires. It uses relative times only, so it reads no clock.
struct EventTimer: ~Copyable {
    let descriptor: Int32

    init() throws(TransferLoopError) {
        self.descriptor = timerfd_create(CLOCK_MONOTONIC, Int32(TFD_CLOEXEC | TFD_NONBLOCK))
        guard descriptor >= 0 else { throw TransferLoopError(failed: "creating a timer") }
    }

    deinit {
        close(descriptor)
    }

    /// Sets the timer to expire after `milliseconds`, at once with 0, and never with nil. It replaces the previous
    /// setting.
    func set(milliseconds: Int?) {
        var time = itimerspec()
        if let milliseconds {
            time.it_value.tv_sec = milliseconds / 1_000
            // A value of zero would disarm the timer.
            time.it_value.tv_nsec = max(milliseconds % 1_000 * 1_000_000, milliseconds == 0 ? 1 : 0)
        }
        timerfd_settime(descriptor, 0, &time, nil)
    }

    /// Makes an expired timer unreadable again.
    func acknowledge() {
        var expirations: UInt64 = 0
        read(descriptor, &expirations, MemoryLayout<UInt64>.size)
    }
}
