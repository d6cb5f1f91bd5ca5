import Foundation
import SpawnBinding

/// A server with Go's `net/http`, with HTTP/2 and Go's alerts. It can also emulate edges.
package final class GoServer: Sendable {
    /// How it handles client certificates.
    package enum Behaviour: String, Sendable {
        /// `RequireAndVerifyClientCert`
        case requiring = "required"
        /// `VerifyClientCertIfGiven`
        case verifyingIfGiven = "if-given"
        /// Cloudflare's edge: any certificate passes the handshake, and a rule answers 403 with `error code: 1020`.
        /// Accepted clients get the cookie `CF_Authorization` and the SHA-256 fingerprint of their certificate.
        case cloudflare
        /// An AWS load balancer in verify mode: it refuses by closing the connection in the handshake without an alert.
        case loadBalancerVerifying = "aws-verify"
        /// An AWS load balancer in passthrough mode, in front of a service that verifies the forwarded certificate and
        /// echoes its header.
        case loadBalancerPassingThrough = "aws-passthrough"
    }

    package let port: Int
    private let process: ChildProcess
    private let files: TLSServerFiles

    /// Starts it and waits until it listens. The first call in a process compiles the program, which takes seconds.
    ///
    /// - Throws: `MissingTool` without go; `ToolFailed`; `ServerNotReady`.
    package init(
        _ behaviour: Behaviour, version: OpenSSLServer.Version = .tls13, certificate: IssuedCertificate,
        clientAuthority: TestAuthority
    ) throws {
        files = try TLSServerFiles(certificate: certificate, clientAuthority: clientAuthority)
        let mode = behaviour.rawValue + (version == .tls12 ? "-tls12" : "")
        process = try ChildProcess(Self.program.get().tool, [mode, files.directory.path])
        let line = try process.line { $0.hasPrefix("port ") }
        guard let port = Int(line.dropFirst(5)) else { throw ServerNotReady(description: "go_server said \(line)") }
        self.port = port
    }

    /// The URL of `path`, which begins with a slash.
    package func url(_ path: String = "/") -> String { "https://localhost:\(port)\(path)" }

    /// The program with its directory, which exists as long as this value.
    private struct Program: Sendable {
        let tool: RequiredTool
        let directory: TemporaryDirectory
    }

    /// Compiled once for each process, offline, without modules, and with its own cache, so that it needs no home
    /// directory.
    private static let program = Result { () throws -> Program in
        let directory = try TemporaryDirectory()
        let path = directory.path(of: "go_server")
        let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/go_server.go"
        let variables = ["GOCACHE=\(directory.path(of: "cache"))", "GO111MODULE=off", "GOPROXY=off", "CGO_ENABLED=0"]
        let build = [try RequiredTool("go").path, "build", "-o", path, source]
        try RequiredTool("env").run(variables + build)
        try directory.remove("cache")
        return Program(tool: RequiredTool(path: path), directory: directory)
    }
}
