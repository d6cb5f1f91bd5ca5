/// A small server in Python for what real servers do at their worst.
package final class ScriptedServer: Sendable {
    /// How it behaves.
    package enum Behaviour: Sendable {
        /// HTTP without TLS: sends this answer to every request and closes.
        case plain(answer: String)
        /// HTTP without TLS: a status line, and then headers without end.
        case endlessHeaders
        /// HTTP without TLS: a chunked body without end.
        case endlessBody
        /// Takes the connection and never says anything.
        case mute
        /// TLS with required client certificates; closes at once on a refusal, so that the alert may be lost.
        case abruptTLS(certificate: IssuedCertificate, clientAuthority: TestAuthority, version: OpenSSLServer.Version)
        /// TLS without client certificates: sends this answer to every request and closes.
        case answeringTLS(certificate: IssuedCertificate, answer: String)
        /// TLS that asks for a client certificate, reads the request and closes without an answer.
        case silentTLS(certificate: IssuedCertificate, clientAuthority: TestAuthority)
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
        let script = try directory.write(Self.script, to: "server.py")
        let mode: String
        switch behaviour {
        case .plain(let answer):
            mode = "plain"
            try directory.write(answer, to: "answer")
        case .endlessHeaders: mode = "endless-headers"
        case .endlessBody: mode = "endless-body"
        case .mute: mode = "mute"
        case .abruptTLS(let certificate, let authority, let version):
            mode = version == .tls12 ? "abrupt-tls12" : "abrupt-tls13"
            try Self.write(certificate, authority, to: directory)
        case .answeringTLS(let certificate, let answer):
            mode = "answering-tls"
            try Self.write(certificate, nil, to: directory)
            try directory.write(answer, to: "answer")
        case .silentTLS(let certificate, let authority):
            mode = "silent-tls"
            try Self.write(certificate, authority, to: directory)
        }
        self.process = try ChildProcess(python, ["-u", script, mode, directory.path])
        self.directory = directory
        let line = try process.line { $0.hasPrefix("port ") }
        guard let port = Int(line.dropFirst(5)) else { throw ServerNotReady(description: "python said \(line)") }
        self.port = port
    }

    private static func write(
        _ certificate: IssuedCertificate, _ authority: TestAuthority?, to directory: TemporaryDirectory
    ) throws {
        try directory.write(certificate.pem + certificate.keyPEM, to: "server.pem")
        if let authority {
            try directory.write(authority.pem, to: "client-ca.pem")
        }
    }

    private static let script = #"""
        import os, socket, ssl, sys, threading
        mode, directory = sys.argv[1:]
        def path(name): return os.path.join(directory, name)
        context = None
        if "tls" in mode:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(path("server.pem"))
            if os.path.exists(path("client-ca.pem")):
                context.load_verify_locations(path("client-ca.pem"))
                context.verify_mode = ssl.CERT_OPTIONAL if mode == "silent-tls" else ssl.CERT_REQUIRED
            if mode == "abrupt-tls12": context.maximum_version = ssl.TLSVersion.TLSv1_2
            if mode == "abrupt-tls13": context.minimum_version = ssl.TLSVersion.TLSv1_3
        answer = open(path("answer"), "rb").read() if os.path.exists(path("answer")) else b""
        def serve(connection):
            with connection:
                if context: connection = context.wrap_socket(connection, server_side=True)
                if mode == "mute":
                    while connection.recv(65536): pass
                    return
                request = b""
                while b"\r\n\r\n" not in request:
                    received = connection.recv(65536)
                    if not received: return
                    request += received
                    if not request[:1].isalpha(): break
                if mode == "silent-tls": return
                if mode == "endless-headers":
                    connection.sendall(b"HTTP/1.1 200 OK\r\n")
                    while True: connection.sendall(b"X-Filler: " + b"x" * 1000 + b"\r\n")
                if mode == "endless-body":
                    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                    while True: connection.sendall(b"1000\r\n" + b"x" * 4096 + b"\r\n")
                connection.sendall(answer or b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\nConnection: close\r\n\r\nlet in\n")
                if context: connection.unwrap()
        def guarded(connection):
            try: serve(connection)
            except OSError: pass
        listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        print("port", listener.getsockname()[1])
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=guarded, args=(connection,), daemon=True).start()

        """#
}
