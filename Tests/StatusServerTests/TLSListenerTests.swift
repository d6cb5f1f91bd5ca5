import Certificates
import Configuration
import Foundation
import StatusServer
import TestSupport
import Testing

/// `listen.tls`, with curl and OpenSSL as clients.
struct TLSListenerTests {
    /// A listener with TLS, the files of its certificate, and the clients' files beside them.
    private struct Served {
        let daemon: ServedDaemon
        let authority: TestAuthority
        let clients: TestAuthority

        /// `listen` has the keys besides `address` and `tls`.
        init(_ listen: String = "", clientCA: Bool = true, address: String = "0.0.0.0:0") throws {
            let (authority, clients) = (try TestPKI.authority("Server CA"), try TestPKI.authority("Client CA"))
            (self.authority, self.clients) = (authority, clients)
            daemon = try ServedDaemon(
                listen: """
                    { address: "\(address)", \(listen) tls: { certificate: server.pem, key: server.key\
                    \(clientCA ? ", client_ca: client-ca.pem" : "") } }
                    """
            ) { directory in
                try directory.write(authority.pem, to: "ca.pem")
                try directory.write(clients.pem, to: "client-ca.pem")
                try Self.place(Self.server(of: authority), as: "server", in: directory)
            }
        }

        static func server(of authority: TestAuthority, _ name: String = "localhost") throws -> IssuedCertificate {
            try authority.issue(.server, commonName: name, alternativeNames: [.dns("localhost"), .ip([127, 0, 0, 1])])
        }

        static func place(
            _ certificate: IssuedCertificate, as name: String, in directory: TemporaryDirectory
        ) throws {
            try directory.write(certificate.pem, to: "\(name).pem")
            try directory.write(certificate.keyPEM, to: "\(name).key")
        }

        /// Writes the files of a client certificate.
        ///
        /// - Returns: curl's arguments for it.
        func client(_ certificate: IssuedCertificate) throws -> [String] {
            try Self.place(certificate, as: "client", in: daemon.directory)
            let path = daemon.directory.path(of: "client")
            return ["--cert", "\(path).pem", "--key", "\(path).key"]
        }

        /// The HTTP status that curl gets for each path; 0 when there is no answer.
        func statuses(_ arguments: [String], _ paths: [String] = ["/metrics"]) async throws -> [Int] {
            try await daemon.serving { address in
                var statuses: [Int] = []
                for path in paths { statuses.append(try await self.status(address, arguments, path)) }
                return statuses
            }
        }

        func status(
            _ address: ListenAddress, _ arguments: [String] = [], _ path: String = "/metrics"
        ) async throws -> Int {
            let answer = try await Self.run(
                "curl",
                ["--silent", "--noproxy", "*", "--max-time", "60", "--output", "/dev/null", "--write-out"]
                    + ["%{http_code}", "--cacert", daemon.directory.path(of: "ca.pem")] + arguments
                    + ["https://localhost:\(port(of: address))\(path)"])
            return try #require(Int(String(decoding: answer.output, as: UTF8.self)))
        }

        /// The text that `openssl s_client` prints about the connection.
        func handshake(_ address: ListenAddress, _ arguments: [String] = []) async throws -> String {
            let program =
                #"printf 'GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' | openssl s_client -ign_eof "$@" 2>&1"#
            let outcome = try await Self.run(
                "sh",
                ["-c", program, "sh", "-connect", "127.0.0.1:\(port(of: address))", "-servername", "localhost"]
                    + ["-CAfile", daemon.directory.path(of: "ca.pem")] + arguments)
            return String(decoding: outcome.output, as: UTF8.self)
        }

        /// Waits on a thread of its own, since the server answers on Swift's threads.
        private static func run(_ name: String, _ arguments: [String]) async throws -> RequiredTool.Outcome {
            let tool = try RequiredTool(name)
            return try await withCheckedThrowingContinuation { continuation in
                Thread.detachNewThread { continuation.resume(with: Result { try tool.outcome(arguments) }) }
            }
        }
    }

    @Test func `a client certificate opens the listener, and without one it says what is missing`() async throws {
        let served = try Served()
        let certificate = try served.client(try served.clients.issue(.client, commonName: "prometheus"))
        #expect(try await served.statuses(certificate, ["/metrics", "/api/v1/status", "/"]) == [200, 200, 200])
        #expect(try await served.statuses([], ["/metrics", "/healthz"]) == [403, 200])
    }

    @Test(arguments: ["expired", "of another CA", "for servers"])
    func `a client certificate that is bad ends the handshake with the reason`(kind: String) async throws {
        let served = try Served()
        let other = try TestPKI.authority("Client CA")
        let certificate =
            switch kind {
            case "expired":
                try served.clients.issue(.client, commonName: "late", notAfter: TestPKI.defaultNotBefore + .days(30))
            case "for servers": try served.clients.issue(.server, commonName: "wrong")
            default: try other.issue(.client, commonName: "stranger")
            }
        let arguments = try served.client(certificate)
        #expect(try await served.statuses(arguments, ["/metrics", "/healthz"]) == [0, 0])
        let text = try await served.daemon.serving { address in
            let path = served.daemon.directory.path(of: "client")
            return try await served.handshake(address, ["-cert", "\(path).pem", "-key", "\(path).key"])
        }
        let alert = kind == "expired" ? "certificate expired" : kind == "of another CA" ? "unknown ca" : "alert"
        #expect(text.contains(alert), "\(text)")
    }

    @Test func `with a token and client certificates one of them is enough`() async throws {
        let served = try Served("token_file: token,")
        let certificate = try served.client(try served.clients.issue(.client, commonName: "prometheus"))
        #expect(try await served.statuses(certificate) == [200])
        #expect(try await served.statuses(["--oauth2-bearer", "s3cret-token"]) == [200])
        #expect(try await served.statuses(["--oauth2-bearer", "wrong"]) == [401])
        #expect(try await served.statuses(certificate + ["--oauth2-bearer", "wrong"]) == [200])
    }

    @Test func `without client_ca the token alone opens it, and no certificate is asked for`() async throws {
        let served = try Served("token_file: token,", clientCA: false)
        #expect(try await served.statuses(["--user", "any:s3cret-token"]) == [200])
        let text = try await served.daemon.serving { try await served.handshake($0) }
        #expect(text.contains("No client certificate CA names sent") && text.contains("HTTP/1.1 401"), "\(text)")
    }

    @Test(
        arguments: [
            ("-tls1_3", true), ("-tls1_2", true), ("-tls1_1", false),
            // Without forward secrecy, and without authenticated encryption.
            ("-tls1_2 -cipher AES128-GCM-SHA256", false), ("-tls1_2 -cipher ECDHE-RSA-AES256-SHA", false),
        ])
    func `TLS 1.2 with modern suites and TLS 1.3 are spoken, and nothing older`(
        version: String, succeeds: Bool
    ) async throws {
        let served = try Served()
        let arguments =
            version.split(separator: " ").map(String.init)
            + ["-cipher", "ALL:@SECLEVEL=0"].filter { _ in
                version == "-tls1_1"
            }
        let text = try await served.daemon.serving { try await served.handshake($0, arguments) }
        #expect(text.contains("HTTP/1.1 403") == succeeds, "\(text)")
    }

    @Test func `a renewed certificate is served at once, and files that do not fit change nothing`() async throws {
        let served = try Served(clientCA: false, address: "127.0.0.1:0")
        let directory = served.daemon.directory
        let renewed = try Served.server(of: served.authority, "renewed")
        try await served.daemon.serving { address in
            #expect(try await served.handshake(address).contains("subject=CN = localhost"))
            // The certificate is replaced before its key.
            try directory.write(renewed.pem, to: "server.pem")
            #expect(try await served.handshake(address).contains("subject=CN = localhost"))
            try directory.write(renewed.keyPEM, to: "server.key")
            #expect(try await served.handshake(address).contains("subject=CN = renewed"))
            try directory.write("", to: "server.pem")
            #expect(try await served.handshake(address).contains("subject=CN = renewed"))
            #expect(try await served.status(address) == 200)
        }
    }

    @Test func `a client CA that is replaced decides for the next connection`() async throws {
        let served = try Served()
        let old = try served.client(try served.clients.issue(.client, commonName: "old"))
        let successor = try TestPKI.authority("Next Client CA")
        try await served.daemon.serving { address in
            #expect(try await served.status(address, old) == 200)
            try served.daemon.directory.write(successor.pem, to: "client-ca.pem")
            #expect(try await served.status(address, old) == 0)
            let new = try served.client(try successor.issue(.client, commonName: "new"))
            #expect(try await served.status(address, new) == 200)
        }
    }

    @Test func `a client that never finishes its handshake is cut off`() async throws {
        let daemon = try Served(clientCA: false, address: "127.0.0.1:0").daemon
        let patient = try ServedDaemon(
            listen: "{ address: \"127.0.0.1:0\", tls: { certificate: server.pem, key: server.key } }",
            limits: ConnectionLimits(idleTime: .milliseconds(300))
        ) { directory in
            for name in ["server.pem", "server.key"] {
                try directory.write(daemon.directory.read(name), to: name)
            }
        }
        let answers = try await patient.serving { address in
            let (silent, plain) = (try RawClient(port: port(of: address)), try RawClient(port: port(of: address)))
            plain.send("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
            return (await silent.readToEnd(), await plain.readToEnd())
        }
        #expect(answers.0 == "")
        #expect(answers.1 != nil && answers.1?.contains("HTTP/1.1 200") == false)
    }

    @Test(
        arguments: [
            ("server.key", "does not exist"), ("server.pem", "holds no certificate in PEM"),
            ("client-ca.pem", "holds no certificate in PEM"), ("other.key", "is not the key of the certificate in"),
        ])
    func `files that cannot be used end the start, with the file and the next step`(
        name: String, reason: String
    ) throws {
        let error = #expect(throws: ListenError.self) {
            let authority = try TestPKI.authority("CA")
            _ = try ServedDaemon(
                listen: """
                    { address: "0.0.0.0:0", token_file: token, tls: { certificate: server.pem, key: server.key, client_ca: \
                    client-ca.pem } }
                    """
            ) { directory in
                try directory.write(authority.pem, to: "client-ca.pem")
                try Served.place(Served.server(of: authority), as: "server", in: directory)
                switch name {
                case "server.key": try FileManager.default.removeItem(atPath: directory.path(of: name))
                case "other.key":
                    try directory.write(Served.server(of: authority).keyPEM, to: "server.key")
                default: try directory.write("nothing\n", to: name)
                }
            }
        }
        let text = error.map { "\($0)" } ?? ""
        let file = name == "other.key" ? "server.key" : name
        #expect(text.contains("/\(file): \(reason)") && text.contains("Mend the file"), "\(text)")
    }
}
