import Foundation

/// A small server in Python for behaviour that real servers show only when they fail.
package final class ScriptedServer: Sendable {
    /// How it behaves.
    package enum Behaviour: Sendable {
        /// HTTP without TLS: sends this response to every request and closes.
        case plain(answer: String)
        /// HTTP without TLS: a status line followed by endless headers.
        case endlessHeaders
        /// HTTP without TLS: an endless chunked body.
        case endlessBody
        /// HTTP, over TLS with a certificate: answers so many requests on each connection with the number of the connection
        /// and the number of the request among all, both from 1; then reads one more and closes without an answer.
        case keeping(answers: Int, certificate: IssuedCertificate? = nil)
        /// Accepts the connection and sends nothing.
        case mute
        /// TLS that requires client certificates and closes at once when it refuses one.
        case abruptTLS(certificate: IssuedCertificate, clientAuthority: TestAuthority, version: OpenSSLServer.Version)
        /// TLS 1.3 whose alert only reaches clients that have not sent a request. Others get a reset.
        case lossyTLS(certificate: IssuedCertificate, clientAuthority: TestAuthority)
        /// TLS without client certificates: sends this response to every request and closes.
        case answeringTLS(certificate: IssuedCertificate, answer: String)
        /// TLS that asks for a client certificate, reads the request and closes without a response.
        case silentTLS(certificate: IssuedCertificate, clientAuthority: TestAuthority)
        /// Speaks the protocol of this scheme until TLS begins, and requires client certificates.
        case startTLS(String, certificate: IssuedCertificate, clientAuthority: TestAuthority)
        /// Sends this text to every client and then only reads.
        case greeting(String)
        /// A WebSocket without TLS that answers pings, one that answers none, and one that answers with a wrong key.
        case webSocket
        case deafWebSocket
        case forgedWebSocket
        /// A WebSocket that answers with a `subprotocol` or an `extension`, requested or not.
        case presumptuousWebSocket(String)
    }

    package let port: Int
    private let process: ChildProcess
    private let directory: TemporaryDirectory

    /// Starts it and waits until it listens.
    ///
    /// - Throws: `MissingTool` without python3; `ServerNotReady`.
    package init(_ behaviour: Behaviour) throws {
        let python = try RequiredTool("python3")
        let directory = try TemporaryDirectory()
        let mode: String
        switch behaviour {
        case .plain(let answer):
            mode = "plain"
            try directory.write(answer, to: "answer")
        case .endlessHeaders: mode = "endless-headers"
        case .endlessBody: mode = "endless-body"
        case .keeping(let answers, let certificate):
            mode = certificate == nil ? "keeping" : "keeping-tls"
            try directory.write(String(answers), to: "answer")
            if let certificate { try Self.write(certificate, nil, to: directory) }
        case .mute: mode = "mute"
        case .abruptTLS(let certificate, let authority, let version):
            mode = version == .tls12 ? "abrupt-tls12" : "abrupt-tls13"
            try Self.write(certificate, authority, to: directory)
        case .lossyTLS(let certificate, let authority):
            mode = "lossy-tls13"
            try Self.write(certificate, authority, to: directory)
        case .answeringTLS(let certificate, let answer):
            mode = "answering-tls"
            try Self.write(certificate, nil, to: directory)
            try directory.write(answer, to: "answer")
        case .silentTLS(let certificate, let authority):
            mode = "silent-tls"
            try Self.write(certificate, authority, to: directory)
        case .startTLS(let scheme, let certificate, let authority):
            mode = "starttls-\(scheme)"
            try Self.write(certificate, authority, to: directory)
        case .greeting(let text):
            mode = "greeting"
            try directory.write(text, to: "answer")
        case .webSocket: mode = "websocket"
        case .deafWebSocket: mode = "websocket-deaf"
        case .forgedWebSocket: mode = "websocket-forged"
        case .presumptuousWebSocket(let flaw): mode = "websocket-\(flaw)"
        }
        self.process = try ChildProcess(python, ["-u", Self.script, mode, directory.path])
        self.directory = directory
        let line = try process.line { $0.hasPrefix("port ") }
        guard let port = Int(line.dropFirst(5)) else { throw ServerNotReady(description: "python said \(line)") }
        self.port = port
    }

    /// Waits until the connection with this number is closed, of a server that keeps connections.
    package func waitForClose(of connection: Int) throws {
        _ = try process.line { $0 == "closed \(connection)" }
    }

    private static func write(
        _ certificate: IssuedCertificate, _ authority: TestAuthority?, to directory: TemporaryDirectory
    ) throws {
        try directory.write(certificate.pem + certificate.keyPEM, to: "server.pem")
        if let authority {
            try directory.write(authority.pem, to: "client-ca.pem")
        }
    }

    private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/scripted_server.py"
}
