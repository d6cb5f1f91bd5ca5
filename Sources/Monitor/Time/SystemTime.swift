import Certificates
import Glibc
import LedgerStorage

/// The only file that reads a clock.

/// The machine's wall clock.
package struct SystemTime: TimeSource {
    package init() {}

    package var now: Instant {
        Instant(seconds: Int64(reading(CLOCK_REALTIME)))
    }
}

/// The fixed time of a rehearsal, from `--at`.
package struct FixedTime: TimeSource {
    package let now: Instant
    package var isRehearsal: Bool { true }

    package init(_ now: Instant) {
        self.now = now
    }
}

extension BootTime {
    /// The id of this boot and the seconds since it, including suspend. Leases use it because it cannot be set.
    package static var current: BootTime {
        BootTime(bootID: bootID, seconds: Int64(reading(CLOCK_BOOTTIME)))
    }

    private static let bootID: String = {
        guard let file = fopen("/proc/sys/kernel/random/boot_id", "re") else { return "unknown" }
        defer { fclose(file) }
        var text = [CChar](repeating: 0, count: 64)
        guard fgets(&text, Int32(text.count), file) != nil else { return "unknown" }
        return String(decoding: text.prefix { $0 != 0 && $0 != 10 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }()
}

private func reading(_ clock: clockid_t) -> Int {
    var time = timespec()
    clock_gettime(clock, &time)
    return time.tv_sec
}
