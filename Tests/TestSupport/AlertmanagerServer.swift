import Foundation

/// A real Alertmanager on loopback.
package final class AlertmanagerServer: Sendable {
    package let port: Int
    private let process: ChildProcess
    private let directory: TemporaryDirectory

    /// Starts it and waits until it accepts connections. It sends firing and resolved alerts to `webhook` at once.
    ///
    /// - Throws: `MissingTool` without prometheus-alertmanager; `ServerNotReady`.
    package init(webhook: String) async throws {
        let tool = try RequiredTool("prometheus-alertmanager")
        directory = try TemporaryDirectory()
        port = try LoopbackPort.free()
        let configuration = try directory.write(
            """
            route: { receiver: test, group_by: ['...'], group_wait: 0s, group_interval: 1s, repeat_interval: 1h }
            receivers:
              - name: test
                webhook_configs: [{ url: '\(webhook)', send_resolved: true }]

            """, to: "alertmanager.yml")
        process = try ChildProcess(
            tool,
            [
                "--config.file=\(configuration)", "--storage.path=\(directory.path(of: "data"))",
                "--web.listen-address=127.0.0.1:\(port)", "--cluster.listen-address=",
            ])
        try await LoopbackPort.waitUntilOpen(port)
    }

    package var url: String { "http://127.0.0.1:\(port)" }
}
