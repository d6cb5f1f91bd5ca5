import Discovery
import Foundation
import TestSupport
import Testing

@Suite struct OtherServerTests {
    private let lab: DiscoveryLab

    init() throws {
        lab = try DiscoveryLab()
    }

    @Test func `Apache's virtual hosts`() throws {
        try lab.directory.write(
            """
            <IfModule mod_ssl.c>
            <VirtualHost *:443>
                ServerName https://shop.example.com:443
                ServerAlias *.shop.example.com www.shop.*
                sslengine ON
                SSLCertificateFile "tls/shop.pem"
                SSLCertificateKeyFile tls/shop.key
                SSLCACertificateFile \\
                    tls/partners.pem
                SSLProxyMachineCertificateFile ${ROOT}/proxy.pem
            </VirtualHost>
            </IfModule>
            <VirtualHost *:443>
                ServerName plain.example.com
                SSLEngine on
                # SSLCertificateFile commented.pem
                SSLCARevocationFile list.pem
            </VirtualHost>
            """, to: "root/sites/shop.conf")
        let inventory = try lab.inventory(
            of: """
                ServerRoot "\(lab.directory.path(of: "root"))"
                SSLCertificateFile default.pem
                IncludeOptional sites/*.conf
                IncludeOptional missing/*.conf
                """)
        #expect(
            inventory.summary == [
                "server default.pem plain.example.com",
                "ca partners.pem shop.example.com *.shop.example.com",
                "server shop.pem shop.example.com *.shop.example.com",
                "revocation_list list.pem",
            ])
        #expect(inventory.certificates.map(\.path).contains(lab.directory.path(of: "root/tls/shop.pem")))
        #expect(inventory.certificates[2].keys.elements == [lab.directory.path(of: "root/tls/shop.key")])
        #expect(inventory.warnings == ["${ROOT}/proxy.pem holds a variable and is not followed"])
    }

    @Test func `HAProxy's binds and servers`() throws {
        let inventory = try lab.inventory(
            of: """
                global
                    ca-base \(lab.directory.path(of: "cas"))
                    crt-base certs   # below the file's directory
                frontend edge
                    bind :443 ssl crt site.pem crt /srv/more ca-file clients.pem verify required crl-file list.pem
                    bind :444 ssl crt-list list.txt
                    bind :445 ssl crt "$DIR/x.pem" ca-file @system-ca
                backend api
                    server one 10.0.0.1:443 ssl crt proxy.pem ca-file upstream.pem verify required
                """)
        #expect(
            inventory.certificates.map { "\($0.role.rawValue) \($0.path)" }
                == [
                    "server certs/site.pem", "server /srv/more", "ca cas/clients.pem", "revocation_list cas/list.pem",
                    "client certs/proxy.pem", "ca cas/upstream.pem",
                ].map { $0.contains(" /") ? $0 : $0.replacing(" ", with: " \(lab.directory.path)/") })
        #expect(inventory.warnings.count == 2 && inventory.warnings[0].contains("list.txt does not exist"))
        #expect(inventory.remarks.map(\.text).contains("@system-ca means the system's CAs"))
    }

    @Test func `PostgreSQL's settings, the last of which counts`() throws {
        try lab.directory.write(
            "ssl_cert_file = 'late.pem' # over there\nSSL_CA_FILE='it''s a ca.pem'\n", to: "more/a.conf")
        let inventory = try lab.inventory(
            of: """
                data_directory = '\(lab.directory.path(of: "data"))'
                ssl = on
                #ssl_cert_file = 'commented.pem'
                ssl_cert_file = 'early.pem'
                ssl_key_file 'server.key'
                ssl_crl_file = ''
                include_dir 'more'
                include_if_exists 'server.conf'
                """)
        #expect(inventory.summary == ["ca it's a ca.pem", "server late.pem"])
        #expect(inventory.certificates.last?.path == lab.directory.path(of: "data/late.pem"))
        #expect(inventory.certificates.last?.keys.elements == [lab.directory.path(of: "data/server.key")])
        #expect(inventory.warnings.count == 1 && inventory.warnings[0].contains("includes itself"))
    }

    /// The settings, those of `ALTER SYSTEM`, and the certificate that PostgreSQL would present.
    @Test(arguments: [
        ("ssl = on", nil, "server.crt"), ("ssl = on", "ssl_cert_file = 'other.crt'", "other.crt"),
        ("ssl = on\nssl_cert_file = 'server.crt'", "ssl_cert_file = 'other.crt'", "other.crt"),
        ("ssl = tru\nssl_cert_file = 'server.crt'\nssl_cert_file = 'other.crt'", "work_mem = '4MB'", "other.crt"),
    ])
    func `PostgreSQL presents what counts last, or else its default`(
        settings: String, automatic: String?, expected: String
    ) throws {
        for name in ["server.crt", "other.crt"] { try lab.issue(.server, to: "data/\(name)") }
        try lab.directory.write(settings + "\n", to: "data/postgresql.conf")
        if let automatic { try lab.directory.write(automatic + "\n", to: "data/postgresql.auto.conf") }
        let data = lab.directory.path(of: "data")
        let presented = try RequiredTool("postgres").output(["-C", "ssl_cert_file", "-D", data])
        #expect(String(decoding: presented, as: UTF8.self) == expected + "\n")
        let inventory = lab.inventory("data/postgresql.conf")
        #expect(inventory.certificates.map(\.path) == ["\(data)/\(expected)"])
        #expect(inventory.warnings.isEmpty)
        // A replaced setting is reported with the reason.
        let replaced = inventory.remarks.filter { $0.text.contains("counts, which is read later") }
        #expect(
            replaced.map { $0.text.contains("data/server.crt is not registered") }
                == (settings.contains("crt") ? [true] : []))
    }

    @Test func `PostgreSQL without TLS presents nothing, and its certificate is said`() throws {
        try lab.issue(.server, to: "server.crt")
        let inventory = try lab.inventory(of: "shared_buffers = 1\nssl = off\ninclude_if_exists 'gone.conf'\n")
        #expect(inventory.certificates.isEmpty && inventory.warnings.isEmpty)
        let path = lab.directory.path(of: "server.crt")
        #expect(inventory.remarks.map(\.text) == ["\(path) is not registered: ssl is not on"])
    }

    @Test func `HAProxy's stores and lists of certificates`() throws {
        for name in ["stored.pem", "listed.pem", "outside.pem", "certs/based.pem"] { try lab.issue(.server, to: name) }
        try lab.directory.write(
            """
            # a certificate a line
            based.pem [alpn h2 ca-file \(lab.directory.path(of: "ca.pem"))] *.example.com !www.example.com
            listed.pem
            """, to: "list.txt")
        let inventory = try lab.inventory(
            of: """
                global
                    crt-base \(lab.directory.path(of: "certs"))
                crt-store web
                    crt-base \(lab.directory.path)
                    load crt "stored.pem" key "stored.pem.key" alias a
                frontend f
                    bind :443 ssl crt @web/a
                    bind :444 ssl crt-list list.txt
                """)
        #expect(
            inventory.summary == [
                "server stored.pem", "ca ca.pem", "server based.pem *.example.com", "server listed.pem",
            ])
        #expect(inventory.warnings.isEmpty)
        #expect(inventory.remarks.map(\.text) == ["@web/a means what a crt-store has loaded"])
    }

    /// In flow style, in JSON, and with aliases.
    @Test(arguments: [
        """
        {apiVersion: v1, kind: Config, clusters: [{name: c, cluster: {certificate-authority: pki/ca.pem}}],
         users: [{name: u, user: {client-certificate: admin.pem}}], current-context: c}
        """,
        """
        current-context: c
        clusters: [{name: c, cluster: {server: 'https://x', certificate-authority: pki/ca.pem}}]
        users: [{name: u, user: {client-certificate: admin.pem}}]
        """,
        """
        {
          "kind": "Config",
          "clusters": [{"name": "c", "cluster": {"certificate-authority": "pki/ca.pem"}}],
          "users": [{"name": "u", "user": {"client-certificate": "admin.pem"}}]
        }
        """,
        """
        clusters:
        - cluster: &c
            certificate-authority: pki/ca.pem
        - cluster: { <<: *c, server: "https://y" }
        users:
        - user: { client-certificate: &path admin.pem }
        - user: { client-certificate: *path }
        """,
    ])
    func `a kubeconfig in any spelling of YAML`(text: String) throws {
        #expect(try lab.inventory(of: text).summary == ["ca ca.pem", "client admin.pem"])
    }

    @Test func `a kubeconfig, with what it holds and what it names`() throws {
        let client = try lab.issue(.client, to: "admin.pem")
        let data = Data(client.pem.utf8).base64EncodedString()
        let inventory = try lab.inventory(
            of: """
                apiVersion: v1
                kind: Config
                clusters:
                - cluster: { server: "https://10.0.0.1:6443" }
                  name: a
                - name: b
                  cluster:
                    certificate-authority: 'pki/ca b.pem'   # beside this file
                    server: https://10.0.0.2:6443
                users:
                - name: inside
                  user:
                    client-certificate-data: \(data)
                    client-key-data: c2VjcmV0
                - user:
                    client-certificate: admin.pem
                    client-key: admin.pem.key
                current-context: a
                """)
        #expect(inventory.summary == ["ca ca b.pem", "client server.conf", "client admin.pem"])
        let draft = try lab.draft(inventory)
        #expect(!draft.text.contains("c2VjcmV0"))
        let found = try lab.scan(try lab.settings(draft))
        // The kubeconfig as a whole has its own certificates and those that it names.
        #expect(
            found == [
                "server-client": [client.fingerprint, client.fingerprint], "admin-client": [client.fingerprint],
            ])
    }

    @Test(arguments: ["", "hello\n", "# nothing\n\n", "certificates:\n  - name: a\n"])
    func `what nobody wrote is said to be nobody's`(text: String) throws {
        let inventory = try lab.inventory(of: text)
        #expect(inventory.certificates.isEmpty)
        #expect(inventory.warnings.count == 1)
        #expect(inventory.warnings[0].hasSuffix("(nginx, apache, haproxy, postgresql, kubeconfig, envoy)"))
    }
}
