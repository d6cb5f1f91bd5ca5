import Foundation

/// An HTTP proxy on loopback that supports CONNECT.
package final class ConnectProxy: Sendable {
    package let port: Int
    private let process: ChildProcess

    /// Starts it and waits until it listens. With `user` and `password` it answers 407 to requests without these
    /// credentials.
    ///
    /// - Throws: `ServerNotReady`.
    package init(user: String? = nil, password: String = "") throws {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/connect_proxy.py"
        process = try ChildProcess(
            RequiredTool.debianPython, ["-u", script] + (user.map { ["\($0):\(password)"] } ?? []))
        let line = try process.line { $0.hasPrefix("port ") }
        guard let port = Int(line.dropFirst(5)) else { throw ServerNotReady(description: "python said \(line)") }
        self.port = port
    }

    package var url: String { "http://127.0.0.1:\(port)" }

    /// Waits for the next request line.
    package func nextRequest() throws -> String {
        String(try process.line { $0.hasPrefix("request ") }.dropFirst(8))
    }
}
