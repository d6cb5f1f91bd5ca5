import CCurl
import Glibc

/// The sole owner of an event descriptor that any thread may signal.
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
