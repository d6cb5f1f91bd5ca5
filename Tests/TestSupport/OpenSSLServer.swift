/// `openssl s_server`, which refuses client certificates with TLS alerts.
package final class OpenSSLServer: Sendable {
    /// The only protocol version that it supports.
    package enum Version: String, Sendable, CaseIterable {
        case tls12 = "-tls1_2"
        case tls13 = "-tls1_3"
    }

    package let port: Int
    private let process: ChildProcess
    private let directory: TemporaryDirectory

    /// Starts it with `certificate`. It requires client certificates of `clientAuthority`.
    ///
    /// - Throws: `MissingTool` without openssl; `ServerNotReady`.
    package init(
        certificate: IssuedCertificate, clientAuthority: TestAuthority, version: Version,
        furtherArguments: [String] = []
    ) throws {
        let openssl = try RequiredTool("openssl")
        let directory = try TemporaryDirectory()
        let certificateFile = try directory.write(certificate.pem, to: "server.pem")
        let keyFile = try directory.write(certificate.keyPEM, to: "server.key")
        let authorityFile = try directory.write(clientAuthority.pem, to: "client-ca.pem")
        let arguments =
            [
                "s_server", "-accept", "127.0.0.1:0", version.rawValue, "-cert", certificateFile, "-key", keyFile,
                "-CAfile", authorityFile, "-Verify", "3", "-verify_return_error", "-www",
            ] + furtherArguments
        self.process = try ChildProcess(openssl, arguments)
        self.directory = directory
        // When it listens, it prints for example "ACCEPT 127.0.0.1:43210".
        let line = try process.line { $0.hasPrefix("ACCEPT") }
        guard let digits = line.split(separator: ":").last, let port = Int(digits) else {
            throw ServerNotReady(description: "s_server said \(line)")
        }
        self.port = port
    }

    /// The URL of its page.
    package var url: String { "https://localhost:\(port)/" }
}
