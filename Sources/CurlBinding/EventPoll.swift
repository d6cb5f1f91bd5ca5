import CCurl
import Glibc

/// The sole owner of an epoll set whose members are identified by their file descriptors.
struct EventPoll: ~Copyable {
    /// The events of a descriptor, or those to wait for.
    struct Interest: OptionSet {
        let rawValue: UInt32

        static let read = Interest(rawValue: EPOLLIN.rawValue)
        static let write = Interest(rawValue: EPOLLOUT.rawValue)
        /// Always reported, even if not requested.
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
            // The kernel removes a closed descriptor from the set, and its number may be reused; or the descriptor is
            // still open.
            epoll_ctl(descriptor, isNew ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, watchedDescriptor, &event)
        }
    }

    mutating func forget(_ watchedDescriptor: Int32) {
        guard watched.remove(watchedDescriptor) != nil else { return }
        epoll_ctl(descriptor, EPOLL_CTL_DEL, watchedDescriptor, nil)
    }

    /// Blocks until an event occurs.
    func wait() -> [(descriptor: Int32, events: Interest)] {
        withUnsafeTemporaryAllocation(of: epoll_event.self, capacity: 256) { buffer in
            let count = epoll_wait(descriptor, buffer.baseAddress, Int32(buffer.count), -1)
            return buffer.prefix(Int(max(count, 0))).map { ($0.data.fd, Interest(rawValue: $0.events)) }
        }
    }
}
