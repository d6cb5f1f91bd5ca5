import Certificates
import Foundation
import TestSupport
import Testing

/// deploy/nginx/notafter.conf in a real nginx: the listener on its socket, and a WebSocket, both behind client certificates.
struct NginxDeploymentTests {
    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// What a distribution's nginx.conf is for the file.
    private static let mainConfiguration = """
        daemon off;
        master_process off;
        pid nginx.pid;
        error_log error.log info;
        events { worker_connections 64; }
        http {
            access_log off;
            client_body_temp_path temp-body;
            proxy_temp_path temp-proxy;
            fastcgi_temp_path temp-fastcgi;
            uwsgi_temp_path temp-uwsgi;
            scgi_temp_path temp-scgi;
            include notafter.conf;
        }

        """

    /// A running nginx with the file, and what it forwards to.
    private struct Proxied {
        let served: ServedSite
        let port: Int
        private let nginx: ChildProcess
        private let webSocket: ScriptedServer
        private let directory: TemporaryDirectory

        init() async throws {
            let socket = "/tmp/notafter-test-\(UInt32.random(in: 0...UInt32.max)).sock"
            let site = try Site(
                sections: """
                    listen: { address: "unix:\(socket)", token_file: token, hosts: [status.example.com] }
                    """)
            try site.directory.write("s3cret\n", to: "token")
            try site.place("a", daysLeft: 900)
            served = try await ServedSite(site)
            directory = try TemporaryDirectory()
            webSocket = try ScriptedServer(.webSocket)
            port = try LoopbackPort.free()
            try Self.writeCertificates(of: site, into: directory)
            let file = try String(
                contentsOf: NginxDeploymentTests.root.appending(path: "deploy/nginx/notafter.conf"), encoding: .utf8)
            try directory.write(
                file.replacing("listen 443", with: "listen 127.0.0.1:\(port)")
                    .replacing("/etc/nginx/", with: "\(directory.path)/")
                    .replacing("/run/notafter/http.sock", with: socket)
                    .replacing("127.0.0.1:8080", with: "127.0.0.1:\(webSocket.port)"), to: "notafter.conf")
            let main = try directory.write(NginxDeploymentTests.mainConfiguration, to: "nginx.conf")
            nginx = try ChildProcess(
                RequiredTool("nginx"), ["-p", directory.path, "-c", main, "-e", "\(directory.path)/error.log"])
            try await LoopbackPort.waitUntilOpen(port)
        }

        /// The files that the configuration names, and those of a client.
        private static func writeCertificates(of site: Site, into directory: TemporaryDirectory) throws {
            try directory.makeDirectory("tls")
            for name in ["status.example.com", "devices.example.com"] {
                let certificate = try site.authority.issue(.server, commonName: name, alternativeNames: [.dns(name)])
                try directory.write(certificate.pem, to: "tls/\(name).pem")
                try directory.write(certificate.keyPEM, to: "tls/\(name).key")
            }
            for name in ["clients.pem", "devices-ca.pem"] { try directory.write(site.authority.pem, to: "tls/\(name)") }
            let login = Data("any:s3cret".utf8).base64EncodedString()
            try directory.write("proxy_set_header Authorization \"Basic \(login)\";\n", to: "notafter-token.conf")
            let client = try site.authority.issue(.client, commonName: "reader")
            try site.directory.write(client.pem, to: "client.pem")
            try site.directory.write(client.keyPEM, to: "client.key")
            try site.directory.write(site.authority.pem, to: "ca.pem")
        }

        /// The status of the answer to a request for the status page, by default with the client certificate.
        func status(_ path: String, _ arguments: [String] = [], withCertificate: Bool = true) throws -> String {
            let directory = served.site.directory
            let certificate = ["--cert", directory.path(of: "client.pem"), "--key", directory.path(of: "client.key")]
            let output = try RequiredTool("curl").output(
                ["--silent", "--noproxy", "*", "--output", "/dev/null", "--write-out", "%{http_code}"]
                    + ["--cacert", directory.path(of: "ca.pem")]
                    + ["--resolve", "status.example.com:\(port):127.0.0.1"] + (withCertificate ? certificate : [])
                    + arguments + ["https://status.example.com:\(port)\(path)"])
            return String(decoding: output, as: UTF8.self)
        }
    }

    @Test func `the listener is served to clients with a certificate alone, and only they can change anything`()
        async throws
    {
        let proxied = try await Proxied()
        for path in ["/", "/metrics", "/api/v1/status", "/calendar.ics"] {
            #expect(try proxied.status(path) == "200", "\(path)")
        }
        #expect(try proxied.status("/", withCertificate: false) == "400")
        // What a browser sends by itself is no proof that an order is meant.
        #expect(try proxied.status("/-/scan", ["--request", "POST"]) == "403")
        let meant = ["--request", "POST", "--header", "X-Notafter-Request: 1"]
        #expect(try proxied.status("/-/scan", meant) == "202")
        let own = ["--header", "Origin: https://status.example.com:\(proxied.port)"]
        #expect(try proxied.status("/-/scan", meant + own) == "202")
        #expect(try proxied.status("/-/scan", meant + ["--header", "Origin: https://evil.example"]) == "403")
        #expect(try await proxied.served.end().status == 0)
    }

    @Test func `a service without TLS is a WebSocket behind client certificates, as notafter's probes see it`()
        async throws
    {
        let proxied = try await Proxied()
        let directory = proxied.served.site.directory
        try directory.write(
            """
            endpoints:
              - name: devices
                url: wss://devices.example.com:\(proxied.port)/
                resolve: [127.0.0.1]
                tls_config: { ca_file: ca.pem, cert_file: client.pem, key_file: client.key }

            """, to: "endpoints.yaml")
        let outcome = try await proxied.served.site.run(["probe", "--config", "endpoints.yaml", "--json"])
        #expect(outcome.status == 0, "\(outcome.output) \(outcome.errors)")
        #expect(outcome.output.contains("\"enforced\""), "\(outcome.output)")
        #expect(try await proxied.served.end().status == 0)
    }
}
