import Discovery
import Foundation
import TestSupport
import Testing

/// Configurations that the servers themselves accept are read as they read them.
@Suite struct RealServerTests {
    private let lab: DiscoveryLab

    init() throws {
        lab = try DiscoveryLab()
        try lab.issue(.server, to: "tls/site.pem")
        try lab.issue(.server, to: "tls/other.pem")
        try lab.issue(.client, to: "tls/proxy.pem")
        try lab.directory.write(lab.authority.pem, to: "tls/clients.pem")
        try lab.directory.write(lab.authority.pem, to: "tls/upstream.pem")
        try lab.directory.write(lab.authority.revocationList(), to: "tls/list.pem")
    }

    /// HAProxy and Apache's proxy need certificate and key in one file.
    private func join(_ name: String) throws -> String {
        let path = lab.directory.path(of: name)
        let both =
            try String(contentsOfFile: path, encoding: .utf8) + String(contentsOfFile: path + ".key", encoding: .utf8)
        return try lab.directory.write(both, to: name)
    }

    @Test func `a configuration that HAProxy accepts`() throws {
        for name in ["tls/site.pem", "tls/other.pem", "tls/proxy.pem"] { _ = try join(name) }
        let tls = lab.directory.path(of: "tls")
        let file = try lab.directory.write(
            """
            global
                ca-base \(tls)
                crt-base \(tls)
            defaults
                mode http
                timeout connect 1s
                timeout client 1s
                timeout server 1s
            frontend edge
                bind 127.0.0.1:1 ssl crt site.pem crt "\(tls)/other.pem" ca-file clients.pem verify required crl-file \(tls)/list.pem
                default_backend api
            backend api
                server one 127.0.0.1:2 ssl crt proxy.pem ca-file upstream.pem verify required   # in front of the API

            """, to: "haproxy.cfg")
        try RequiredTool("haproxy").run(["-c", "-q", "-f", file])
        let inventory = lab.inventory("haproxy.cfg")
        #expect(
            inventory.summary == [
                "server site.pem", "server other.pem", "ca clients.pem", "revocation_list list.pem", "client proxy.pem",
                "ca upstream.pem",
            ])
        try expectAllAreThere(inventory)
    }

    /// HAProxy searches for the members of a bundle when no file has its name, and loads lists of certificates.
    @Test func `bundles, lists and default binds that HAProxy accepts`() throws {
        for name in ["tls/multi.pem.rsa", "tls/multi.pem.ecdsa", "tls/listed.pem", "tls/peers.pem"] {
            try lab.issue(.server, to: name)
            _ = try join(name)
        }
        try lab.directory.write("listed.pem [alpn h2] *.example.com\n", to: "list.txt")
        let list = lab.directory.path(of: "list.txt")
        let file = try lab.directory.write(
            """
            global
                crt-base \(lab.directory.path(of: "tls"))
            defaults
                mode http
                timeout connect 1s
                timeout client 1s
                timeout server 1s
            peers p
                default-bind ssl crt peers.pem
                bind 127.0.0.1:4
                server local
            frontend edge
                bind 127.0.0.1:1 ssl crt multi.pem
                bind 127.0.0.1:2 ssl crt-list \(list)
                http-request return status 200

            """, to: "haproxy.cfg")
        try RequiredTool("haproxy").run(["-c", "-q", "-L", "local", "-f", file])
        let inventory = lab.inventory("haproxy.cfg")
        #expect(
            inventory.summary == [
                "server peers.pem", "server multi.pem.rsa", "server multi.pem.ecdsa", "server listed.pem *.example.com",
            ])
        try expectAllAreThere(inventory)
    }

    @Test func `a chain file that Apache accepts`() throws {
        let modules = ["mpm_event", "authz_core", "ssl", "socache_shmcb"]
        let loads = modules.map { "LoadModule \($0)_module /usr/lib/apache2/modules/mod_\($0).so\n" }.joined()
        let file = try lab.directory.write(
            """
            ServerRoot "\(lab.directory.path)"
            \(loads)
            PidFile apache.pid
            ErrorLog error.log
            Mutex pthread
            Listen 127.0.0.1:1
            <VirtualHost 127.0.0.1:1>
                ServerName shop.example.com
                SSLEngine on
                SSLCertificateFile tls/site.pem
                SSLCertificateKeyFile tls/site.pem.key
                SSLCertificateChainFile tls/upstream.pem
            </VirtualHost>

            """, to: "apache2.conf")
        try RequiredTool("apache2").run(["-t", "-f", file])
        let inventory = lab.inventory("apache2.conf")
        #expect(inventory.summary.sorted() == ["ca upstream.pem", "server site.pem shop.example.com"])
        try expectAllAreThere(inventory)
    }

    @Test func `a configuration that Apache accepts`() throws {
        let modules = ["mpm_event", "authz_core", "ssl", "proxy", "proxy_http", "socache_shmcb"]
        let loads = modules.map { "LoadModule \($0)_module /usr/lib/apache2/modules/mod_\($0).so\n" }.joined()
        let proxy = try join("tls/proxy.pem")
        try lab.directory.write(
            """
            <IfModule mod_ssl.c>
            <VirtualHost 127.0.0.1:1>
                ServerName shop.example.com:443
                ServerAlias *.shop.example.com \\
                    www.example.com
                SSLEngine on
                SSLCertificateFile "tls/site.pem"
                sslcertificatekeyfile tls/site.pem.key
                SSLCACertificateFile tls/clients.pem
                SSLCARevocationCheck chain
                SSLCARevocationFile tls/list.pem
                SSLVerifyClient require
                SSLProxyEngine on
                SSLProxyMachineCertificateFile \(proxy)
                SSLProxyCACertificateFile tls/upstream.pem
                ProxyPass "/" "https://127.0.0.1:2/"
            </VirtualHost>
            </IfModule>
            """, to: "sites/shop.conf")
        let file = try lab.directory.write(
            """
            ServerRoot "\(lab.directory.path)"
            \(loads)
            PidFile apache.pid
            ErrorLog error.log
            Mutex pthread
            Listen 127.0.0.1:1
            ServerName default.example.com
            Include sites/*.conf
            IncludeOptional nothing/*.conf

            """, to: "apache2.conf")
        try RequiredTool("apache2").run(["-t", "-f", file])
        let inventory = lab.inventory("apache2.conf")
        let names = "shop.example.com *.shop.example.com www.example.com"
        #expect(
            inventory.summary.sorted() == [
                "ca clients.pem \(names)", "ca upstream.pem", "client proxy.pem \(names)", "revocation_list list.pem",
                "server site.pem \(names)",
            ])
        try expectAllAreThere(inventory)
    }

    /// All paths exist: a draft registers them, and a scan finds a certificate in each.
    private func expectAllAreThere(_ inventory: Inventory) throws {
        #expect(inventory.warnings.isEmpty)
        let settings = try lab.settings(lab.draft(inventory))
        let found = try lab.scan(settings)
        #expect(found.count == inventory.certificates.count && found.values.allSatisfy { $0.count == 1 })
    }
}
