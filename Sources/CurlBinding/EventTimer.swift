import CCurl
import Glibc

/// Sole owner of a timer that becomes readable when it goes off. Relative times alone, so no clock is read.
struct EventTimer: ~Copyable {
    let descriptor: Int32

    init() throws(TransferLoopError) {
        self.descriptor = timerfd_create(CLOCK_MONOTONIC, Int32(TFD_CLOEXEC | TFD_NONBLOCK))
        guard descriptor >= 0 else { throw TransferLoopError(failed: "creating a timer") }
    }

    deinit {
        close(descriptor)
    }

    /// Goes off after `milliseconds`, at once with 0, never with nil; what was set before is replaced.
    func set(milliseconds: Int?) {
        var time = itimerspec()
        if let milliseconds {
            time.it_value.tv_sec = milliseconds / 1_000
            // All zero would mean "never".
            time.it_value.tv_nsec = max(milliseconds % 1_000 * 1_000_000, milliseconds == 0 ? 1 : 0)
        }
        timerfd_settime(descriptor, 0, &time, nil)
    }

    /// Makes a timer that went off unreadable again.
    func acknowledge() {
        var expirations: UInt64 = 0
        read(descriptor, &expirations, MemoryLayout<UInt64>.size)
    }
}
