import Glibc

/// A connection on which both sides have agreed to start TLS. The sole owner of its descriptor.
final class PlainConnection {
    /// The numeric address of the peer.
    let address: String
    let startedAt: ContinuousClock.Instant
    /// The timings of the preamble.
    let timings: TransferResult.Timings
    private let descriptor: Int32

    /// - Returns: nil when the process has no descriptor left.
    init?(
        duplicating socket: Int32, address: String, startedAt: ContinuousClock.Instant,
        timings: TransferResult.Timings
    ) {
        descriptor = fcntl(socket, F_DUPFD_CLOEXEC, 0)
        guard descriptor >= 0 else { return nil }
        self.address = address
        self.startedAt = startedAt
        self.timings = timings
    }

    deinit {
        close(descriptor)
    }

    func duplicate() -> Int32 {
        fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
    }
}
