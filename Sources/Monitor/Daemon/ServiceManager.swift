import Foundation

/// systemd's notification protocol (sd_notify(3)): one datagram to the socket that `$NOTIFY_SOCKET` names. Without the
/// variable nothing is sent.
package struct ServiceManager: Sendable {
    private let socketPath: String?
    /// Half of `$WATCHDOG_USEC`, as sd_watchdog_enabled(3) recommends; nil without a watchdog.
    package let watchdogInterval: Duration?

    package init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        socketPath = environment["NOTIFY_SOCKET"]
        let isOurs = environment["WATCHDOG_PID"].map { $0 == String(getpid()) } ?? true
        watchdogInterval =
            isOurs
            ? environment["WATCHDOG_USEC"].flatMap { Int64($0) }.map { .microseconds($0 / 2) } : nil
    }

    package enum State: Sendable {
        case ready(status: String)
        case reloading
        case status(String)
        case stopping
        case alive

        var message: String {
            switch self {
            case .ready(let status): "READY=1\nSTATUS=\(Self.line(status))"
            case .reloading: "RELOADING=1"
            case .status(let status): "STATUS=\(Self.line(status))"
            case .stopping: "STOPPING=1"
            case .alive: "WATCHDOG=1"
            }
        }

        /// Joins lines, because a line break starts another assignment.
        private static func line(_ text: String) -> String {
            text.split(whereSeparator: \.isNewline).joined(separator: "; ")
        }
    }

    /// Notifies the service manager. It never blocks, and a failure is ignored, since the daemon also runs without a
    /// service manager.
    package func notify(_ state: State) {
        if case .alive = state, watchdogInterval == nil { return }
        guard let socketPath, let first = socketPath.utf8.first else { return }
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var path = Array(socketPath.utf8)
        if first == UInt8(ascii: "@") { path[0] = 0 }
        let capacity = MemoryLayout.size(ofValue: address.sun_path)
        guard path.count < capacity else { return }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
        let length = socklen_t(MemoryLayout<sockaddr_un>.size - capacity + path.count)
        let message = Array(state.message.utf8)
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = sendto(descriptor, message, message.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT), $0, length)
            }
        }
    }
}
