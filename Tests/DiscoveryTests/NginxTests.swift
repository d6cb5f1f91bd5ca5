import Certificates
import Discovery
import Foundation
import TestSupport
import Testing

@Suite struct NginxTests {
    private let lab: DiscoveryLab

    init() throws {
        lab = try DiscoveryLab()
    }

    /// A site with mutual TLS, includes, inheritance, quotes, a comment and a variable, which nginx itself accepts.
    private func writeSite() throws -> [String: IssuedCertificate] {
        var issued: [String: IssuedCertificate] = [:]
        for name in ["certs/api.pem", "certs/admin.pem"] { issued[name] = try lab.issue(.server, to: name) }
        issued["certs/edge.pem"] = try lab.issue(.client, to: "certs/edge.pem")
        try lab.directory.write(lab.authority.pem, to: "certs/devices.pem")
        try lab.directory.write(lab.authority.pem, to: "certs/staff.pem")
        try lab.directory.write(lab.authority.pem, to: "certs/upstream ca.pem")
        try lab.directory.write(lab.authority.revocationList(), to: "certs/list.pem")
        try writeServers()
        try lab.directory.write(
            """
            daemon off;
            pid nginx.pid;
            error_log error.log;
            events {}
            http {
                access_log off;
                client_body_temp_path a; proxy_temp_path b; fastcgi_temp_path c; uwsgi_temp_path d; scgi_temp_path e;
                # ssl_client_certificate certs/api.pem;
                ssl_client_certificate certs/devices.pem;
                ssl_verify_client on;
                include sites/*.conf;
                include nothing/here/*.conf;
            }
            """, to: "nginx.conf")
        return issued
    }

    private func writeServers() throws {
        try lab.directory.write(
            """
            ssl_certificate     certs/api.pem;   # relative to nginx.conf, not to this file
            ssl_certificate_key certs/api.pem.key;
            """, to: "snippets/tls.conf")
        try lab.directory.write(
            """
            server {
                listen 127.0.0.1:1 ssl;
                server_name api.example.com .devices.example.com ~^v[0-9]+\\. _;
                include snippets/tls.conf;
                location / {
                    proxy_pass https://127.0.0.1:2;
                    proxy_ssl_certificate certs/edge.pem;
                    proxy_ssl_certificate_key certs/edge.pem.key;
                    proxy_ssl_trusted_certificate "certs/upstream ca.pem";
                }
            }
            server {
                listen 127.0.0.1:1 ssl;
                server_name 'admin.example.com';
                ssl_certificate certs/admin.pem; ssl_certificate_key certs/admin.pem.key;
                ssl_client_certificate certs/staff.pem;
                ssl_crl certs/list.pem;
            }
            server { listen 127.0.0.1:3; server_name plain.example.com; return 301 https://api.example.com; }
            """, to: "sites/10-main.conf")
        try lab.directory.write(
            """
            server {
                listen 127.0.0.1:1 ssl;
                server_name many.example.com;
                ssl_certificate certs/$ssl_server_name.pem;
                ssl_certificate_key certs/$ssl_server_name.key;
                location = /brace { return 200 "} # ; {"; }
            }
            """, to: "sites/20-many.conf")
    }

    @Test func `a configuration that nginx accepts becomes one that notafter accepts`() throws {
        let issued = try writeSite()
        let file = lab.directory.path(of: "nginx.conf")
        try RequiredTool("nginx").run(
            ["-t", "-q", "-p", lab.directory.path, "-c", file, "-e", lab.directory.path(of: "error.log")])
        let draft = try lab.draft(lab.inventory("nginx.conf"))
        try Golden.compare(draft.text.replacing(lab.directory.path, with: "/etc/nginx"), with: "nginx.yaml")
        #expect(draft.warnings.count == 1 && draft.warnings[0].contains("$ssl_server_name"))

        let settings = try lab.settings(draft)
        #expect(settings.registrations.count == draft.registrationCount)
        let found = try lab.scan(settings)
        #expect(found["api.example.com"] == [try #require(issued["certs/api.pem"]).fingerprint])
        #expect(found["api.example.com-client"] == [try #require(issued["certs/edge.pem"]).fingerprint])
        #expect(found.values.allSatisfy { $0.count == 1 } && found.count == settings.registrations.count)
    }

    @Test func `what a server inherits is for its hosts, and what it replaces is not`() throws {
        let inventory = try lab.inventory(
            of: """
                http {
                    ssl_client_certificate all.pem;
                    server { listen 443 ssl; server_name a.example.com; }
                    server { listen 443 ssl; server_name b.example.com; ssl_client_certificate b.pem; }
                    server { listen 80; server_name c.example.com; }
                    server { listen 443 quic; server_name d.example.com; ssl_client_certificate ""; }
                    server { listen [::]:443 quic reuseport; server_name e.example.com a.example.com; }
                }
                """)
        #expect(inventory.summary == ["ca all.pem a.example.com e.example.com", "ca b.pem b.example.com"])
    }

    @Test(arguments: [
        ("ssl_certificate a.pem;", ["server a.pem"]),
        ("ssl_certificate\n  a.pem # not b.pem\n  ;", ["server a.pem"]),
        ("ssl_certificate 'a b.pem';ssl_certificate \"c;d.pem\";", ["server a b.pem", "server c;d.pem"]),
        (#"ssl_certificate "a\"b.pem"; ssl_certificate a\ b.pem;"#, [#"server a"b.pem"#, #"server a\ b.pem"#]),
        ("ssl_certificate a#b.pem;", ["server a#b.pem"]),
        ("map $a $b { default ${c}; } ssl_certificate a.pem;", ["server a.pem"]),
        ("ssl_trusted_certificate a.pem; ssl_client_certificate a.pem;", ["ca a.pem"]),
        ("grpc_ssl_certificate a.pem; uwsgi_ssl_trusted_certificate b.pem;", ["client a.pem", "ca b.pem"]),
        ("ssl_certificate data:$pem; ssl_certificate engine:x:y; ssl_certificate \"a\\nb.pem\";", []),
        ("ssl_crl a.pem;", ["revocation_list a.pem"]), ("ssl_certificate;", []), (";;}{", []), ("ssl_certificate", []),
    ])
    func `statements are cut as nginx cuts them`(text: String, found: [String]) throws {
        #expect(try lab.inventory(of: "events {}\n" + text).summary.sorted() == found.sorted())
    }

    @Test func `every variable and key is remarked upon with its place`() throws {
        let inventory = try lab.inventory(
            of: """
                server {
                    ssl_certificate $name.pem;
                    ssl_certificate data:$pem;
                    include $name.conf;
                }
                """)
        #expect(inventory.remarks.allSatisfy { $0.kind == .warning })
        #expect(Set(inventory.remarks.map(\.place.line)) == [2, 3, 4])
    }

    @Test func `includes that loop, multiply or lead nowhere come to an end`() throws {
        try lab.directory.write("include loop.conf; include server.conf; ssl_certificate loop.pem;", to: "loop.conf")
        for level in 0..<20 {
            let twice = "include level\(level + 1).conf;\n"
            try lab.directory.write(twice + twice + "ssl_certificate \(level).pem;", to: "level\(level).conf")
        }
        try lab.directory.makeDirectory("directory.conf")
        let inventory = try lab.inventory(
            of: """
                include missing.conf;
                include directory.conf;
                include loop.conf;
                include level0.conf;
                ssl_certificate last.pem;
                """)
        #expect(inventory.summary.contains("server loop.pem") && inventory.summary.contains("server last.pem"))
        #expect(inventory.summary.count < 20)
        for words in ["missing.conf does not exist", "is a directory", "includes itself", "too many files"] {
            #expect(inventory.warnings.contains { $0.contains(words) }, "\(words)")
        }
    }

    @Test(arguments: ["{", "a {", "a { b ", "}", "\"", "a \\", "a { ssl_certificate a.pem; }", ";", "# \n"])
    func `nesting and damage cost no stack`(text: String) throws {
        let inventory = try lab.inventory(of: "events {}\n" + String(repeating: text, count: 50_000))
        #expect(inventory.certificates.count <= 1)
    }
}
