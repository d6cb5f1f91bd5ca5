import Certificates
import Foundation
import TestSupport
import Testing

/// The real nginx asks a daemon about client certificates, with the file of `deploy/nginx`.
struct AuthRequestTests {
    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// A daemon with the CA of the devices and its revocation list, and nginx before a service that says who came.
    private struct Gate {
        let site: Site
        let served: ServedSite
        let port: Int
        private let nginx: ChildProcess

        init(revoking serials: [[UInt8]] = [], in site: Site) async throws {
            self.site = site
            try site.directory.write(try site.authority.revocationList(revoking: serials), to: "clients.crl")
            try site.directory.write(site.authority.pem, to: "ca.pem")
            try site.directory.makeDirectory("devices")
            try site.directory.write(
                """
                certificates:
                  - { name: device-ca, role: ca, paths: [../ca.pem] }
                  - { name: devices, role: client, paths: [../devices], issuer: device-ca, checks_revocation: true, common_name: "device-*" }
                revocation_lists: [{ name: device-crl, paths: [../clients.crl], issuer: device-ca }]
                listen: 127.0.0.1:0
                """, to: "conf.d/devices.yaml")
            served = try await ServedSite(site)
            port = try LoopbackPort.free()
            let server = try site.authority.issue(
                .server, commonName: "localhost", alternativeNames: [.dns("localhost")])
            try site.directory.write(server.pem, to: "nginx/api.pem")
            try site.directory.write(server.keyPEM, to: "nginx/api-key.pem")
            let backend = try LoopbackPort.free()
            let file = try site.directory.write(
                Self.configuration(served.address, port, backend, site.directory.path), to: "nginx/nginx.conf")
            let directory = site.directory.path(of: "nginx")
            nginx = try ChildProcess(
                try RequiredTool("nginx"), ["-p", directory, "-c", file, "-e", "\(directory)/error.log"])
            try await LoopbackPort.waitUntilOpen(port)
        }

        private static func configuration(
            _ notafter: String, _ port: Int, _ backend: Int, _ directory: String
        ) throws -> String {
            let example = try String(
                contentsOf: AuthRequestTests.root.appending(path: "deploy/nginx/auth-request.conf"), encoding: .utf8)
            let edited = example.replacing("server 127.0.0.1:9793;", with: "server \(notafter);")
                .replacing("listen 443 ssl;", with: "listen 127.0.0.1:\(port) ssl;")
                .replacing("/etc/nginx/pki/", with: "\(directory)/nginx/")
                .replacing("http://127.0.0.1:8080", with: "http://127.0.0.1:\(backend)")
            return """
                daemon off;
                master_process off;
                pid nginx.pid;
                events { worker_connections 256; }
                http {
                    log_format gate '$status $client_refusal';
                    access_log gate.log gate;
                    client_body_temp_path temp-body;
                    proxy_temp_path temp-proxy;
                    fastcgi_temp_path temp-fastcgi;
                    uwsgi_temp_path temp-uwsgi;
                    scgi_temp_path temp-scgi;
                    \(edited)
                    server {
                        listen 127.0.0.1:\(backend);
                        access_log off;
                        location / { return 200 "let in $http_x_client_subject"; }
                    }
                }
                """
        }

        /// The status and the body of a request with this certificate, which names another one in the header itself.
        func request(with certificate: IssuedCertificate?, forging forged: String = "forged") throws -> (Int, String) {
            var arguments = [
                "--silent", "--noproxy", "*", "--cacert", site.directory.path(of: "ca.pem"), "--write-out",
                "\n%{http_code}",
                "--header", "X-Client-Cert: \(forged)", "--header", "X-Client-Subject: CN=forged",
            ]
            if let certificate {
                try site.directory.write(certificate.pem, to: "client.pem")
                try site.directory.write(certificate.keyPEM, to: "client.key")
                arguments += [
                    "--cert", site.directory.path(of: "client.pem"), "--key", site.directory.path(of: "client.key"),
                ]
            }
            let bytes = try RequiredTool("curl").output(arguments + ["https://localhost:\(port)/"])
            let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
            return (Int(lines.last ?? "") ?? 0, lines.dropLast().joined(separator: "\n"))
        }

        /// The reason that nginx logged last.
        var lastReason: String {
            get throws { try site.directory.read("nginx/gate.log").split(separator: "\n").last.map(String.init) ?? "" }
        }
    }

    @Test func `nginx lets in what notafter accepts, and refuses the rest with the reason in its log`() async throws {
        let site = try Site()
        let template = CertificateTemplate(
            .client, commonName: "device-2", notBefore: TestPKI.defaultNotBefore, notAfter: TestPKI.defaultNotAfter)
        let revoked = try site.authority.issue(template)
        let gate = try await Gate(revoking: [template.serial], in: site)
        let good = try site.authority.issue(.client, commonName: "device-1")
        #expect(try gate.request(with: good) == (200, "let in CN=device-1"))

        let escaped = good.pem.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        #expect(try gate.request(with: nil, forging: escaped).0 == 403, "the header of the client counts for nothing")
        #expect(try gate.lastReason.contains("no certificate was forwarded in X-Client-Cert"))

        let foreign = try TestPKI.authority("Foreign CA").issue(.client, commonName: "device-1")
        #expect(try gate.request(with: foreign).0 == 403)
        #expect(try gate.request(with: revoked).0 == 403)
        #expect(try gate.lastReason.contains("revoked"))
        let server = try site.authority.issue(.server, commonName: "device-1")
        #expect([400, 403].contains(try gate.request(with: server).0))
        #expect(try gate.request(with: try site.authority.issue(.client, commonName: "other")).0 == 403)
        #expect(try gate.lastReason.contains("other"))
        let expired = try site.authority.issue(.client, commonName: "device-3", notAfter: Site.start - .days(900))
        // nginx itself refuses an expired certificate and another purpose, with 400.
        #expect([400, 403].contains(try gate.request(with: expired).0))
        #expect(try await gate.served.end().status == 0)
    }

    @Test func `the daemon names the reason itself`() async throws {
        let site = try Site()
        let gate = try await Gate(in: site)
        func reason(_ certificate: IssuedCertificate, _ registration: String = "devices") throws -> String {
            let value = certificate.pem.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
            return try gate.served.get(
                "/api/v1/verify?registration=\(registration)",
                ["--include", "--header", "X-Client-Cert: \(value)"])
        }
        let expired = try site.authority.issue(.client, commonName: "device-3", notAfter: Site.start - .days(900))
        #expect(try reason(expired).contains("X-Notafter-Reason: it expired"))
        let good = try site.authority.issue(.client, commonName: "device-1")
        #expect(try reason(good).contains("204 No Content"))
        #expect(try reason(good, "device-ca").contains("204 No Content"), "the clients of a CA")
        #expect(try reason(good, "nobody").contains("no registration named nobody"))
        #expect(try reason(good, "fleet").contains("no CA is known for fleet"))
        #expect(try await gate.served.end().status == 0)
    }
}
