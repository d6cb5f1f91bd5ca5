import Glibc
import Synchronization

/// The systemd side of a service of `Type=notify`: a datagram socket that records messages (sd_notify(3)).
package final class NotifySocket: Sendable {
    private let directory: TemporaryDirectory
    private let descriptor: Int32
    private let received = Mutex<[String]>([])

    /// Creates the socket and listens at once.
    ///
    /// - Throws: `ReceiverFailure` when the kernel provides no socket.
    package init() throws {
        directory = try TemporaryDirectory()
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let path = directory.path(of: "notify")
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let isBound = withUnsafePointer(to: &address) { [descriptor] pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
        guard isBound else { throw ReceiverFailure(description: "no notify socket: errno \(errno)") }
    }

    deinit {
        close(descriptor)
    }

    /// The value for `NOTIFY_SOCKET`.
    package var path: String { directory.path(of: "notify") }

    /// All messages so far, in order.
    package var messages: [String] {
        received.withLock { received in
            var buffer = [UInt8](repeating: 0, count: 4_096)
            while true {
                let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
                guard count >= 0 else { return received }
                received.append(String(decoding: buffer.prefix(count), as: UTF8.self))
            }
        }
    }
}
