import Foundation

/// An HTTP server on loopback that verifies requests with the official library of Standard Webhooks (PyPI's
/// `standardwebhooks`, which `scripts/install-dependencies.sh test` installs into `.build/python`).
package final class StandardWebhooksReceiver: Sendable {
    package let port: Int
    private let process: ChildProcess

    /// Starts it with its secret and waits until it listens.
    ///
    /// - Throws: `ServerNotReady`, also when the library is missing.
    package init(secret: String) throws {
        let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let repository = here.deletingLastPathComponent().deletingLastPathComponent()
        process = try ChildProcess(
            RequiredTool.debianPython,
            [
                "-u", here.path + "/standard_webhooks_receiver.py", repository.path + "/.build/python", secret,
            ])
        let line = try process.line { $0.hasPrefix("port ") || $0.hasPrefix("missing ") }
        guard let port = Int(line.dropFirst(5)) else { throw ServerNotReady(description: "python said \(line)") }
        self.port = port
    }

    package var url: String { "http://127.0.0.1:\(port)/hook" }

    /// Waits for its next result: `verified TYPE` or `refused REASON`.
    package func nextVerdict() throws -> String {
        try process.line { $0.hasPrefix("verified ") || $0.hasPrefix("refused ") }
    }
}
