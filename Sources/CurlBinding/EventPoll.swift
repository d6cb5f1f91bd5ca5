import CCurl
import Glibc

/// Sole owner of an epoll set that knows file descriptors by their numbers.
struct EventPoll: ~Copyable {
    /// What happened on a descriptor, or what is waited for.
    struct Interest: OptionSet {
        let rawValue: UInt32

        static let read = Interest(rawValue: EPOLLIN.rawValue)
        static let write = Interest(rawValue: EPOLLOUT.rawValue)
        /// Always reported, wanted or not.
        static let failure = Interest(rawValue: EPOLLERR.rawValue | EPOLLHUP.rawValue)
    }

    private let descriptor: Int32
    private var watched: Set<Int32> = []

    init() throws(TransferLoopError) {
        self.descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard descriptor >= 0 else { throw TransferLoopError(failed: "creating an epoll set") }
    }

    deinit {
        close(descriptor)
    }

    mutating func watch(_ watchedDescriptor: Int32, for interest: Interest) {
        var event = epoll_event()
        event.events = interest.rawValue
        event.data.fd = watchedDescriptor
        let isNew = watched.insert(watchedDescriptor).inserted
        if epoll_ctl(descriptor, isNew ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, watchedDescriptor, &event) != 0 {
            // The kernel forgot a descriptor that was closed, and its number came again; or it is not closed after all.
            epoll_ctl(descriptor, isNew ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, watchedDescriptor, &event)
        }
    }

    mutating func forget(_ watchedDescriptor: Int32) {
        guard watched.remove(watchedDescriptor) != nil else { return }
        epoll_ctl(descriptor, EPOLL_CTL_DEL, watchedDescriptor, nil)
    }

    /// Blocks until something happens.
    func wait() -> [(descriptor: Int32, events: Interest)] {
        withUnsafeTemporaryAllocation(of: epoll_event.self, capacity: 256) { buffer in
            let count = epoll_wait(descriptor, buffer.baseAddress, Int32(buffer.count), -1)
            return buffer.prefix(Int(max(count, 0))).map { ($0.data.fd, Interest(rawValue: $0.events)) }
        }
    }
}

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

/// Sole owner of a wake-up call that any thread may make.
struct WakeUp: ~Copyable, Sendable {
    let descriptor: Int32

    init() throws(TransferLoopError) {
        self.descriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        guard descriptor >= 0 else { throw TransferLoopError(failed: "creating an event descriptor") }
    }

    deinit {
        close(descriptor)
    }

    func signal() {
        var one: UInt64 = 1
        write(descriptor, &one, MemoryLayout<UInt64>.size)
    }

    func acknowledge() {
        var count: UInt64 = 0
        read(descriptor, &count, MemoryLayout<UInt64>.size)
    }
}

extension TransferLoopError {
    /// Takes the cause from `errno`.
    init(failed operation: String) {
        self.init(operation: operation, cause: String(cString: strerror(errno)))
    }
}
