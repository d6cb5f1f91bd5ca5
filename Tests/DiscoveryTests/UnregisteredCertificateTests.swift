import Discovery
import TestSupport
import Testing

/// A certificate that a configuration names and no reader understands is reported.
@Suite struct UnregisteredCertificateTests {
    private let lab: DiscoveryLab

    init() throws {
        lab = try DiscoveryLab()
    }

    /// The text of a file, and the line that names `tls/odd.pem`.
    @Test(arguments: [
        ("events {}\nhttp {\n  ssl_novelty 'tls/odd.pem' deep;\n}", 3),
        ("events {}\nhttp { js_fetch_trusted_certificate tls/odd.pem; }", 2),
        ("ServerRoot .\nLDAPTrustedClientCert CERT_BASE64 \"tls/odd.pem\"\n", 2),
        ("frontend a\n  bind :1\n  filter spoe cert=tls/odd.pem\n", 3),
        ("shared_buffers = 1\nother.certificate = 'tls/odd.pem'\n", 2),
        ("static_resources:\n  plugin: { tls: {cert: tls/odd.pem} }\n", 2),
        ("clusters: []\nusers:\n- name: a\n  user: { exec: { args: ['--cert=tls/odd.pem'] } }\n", 4),
        ("[mysqld]\nssl-cert=tls/odd.pem\n", 2),
    ])
    func `a certificate in a statement that no reader knows is a warning with its place`(text: String, line: Int) throws
    {
        try lab.issue(.server, to: "tls/odd.pem")
        let inventory = try lab.inventory(of: text)
        let path = lab.directory.path(of: "tls/odd.pem")
        let remark = try #require(
            inventory.remarks.first { $0.text.hasPrefix("\(path) holds a certificate of CN=tls/odd.pem ") })
        #expect(remark.kind == .warning && remark.place.line == line)
        #expect(try lab.draft(inventory).text.contains("# - \(lab.directory.path)/server.conf:\(line)"))
    }

    @Test func `a revocation list counts as well`() throws {
        try lab.directory.write(lab.authority.revocationList(), to: "list.pem")
        let inventory = try lab.inventory(of: "events {}\nhttp { unknown list.pem; }")
        #expect(inventory.warnings.count == 1)
        #expect(inventory.warnings[0].contains("list.pem holds a revocation list of CN=Lab CA"))
    }

    @Test func `comments, keys, what is registered and what lies in a registered directory are not warned about`()
        throws
    {
        try lab.issue(.server, to: "a.pem")
        try lab.issue(.server, to: "b.pem")
        try lab.issue(.server, to: "many/c.pem")
        try lab.directory.link("current.pem", to: "a.pem")
        let inventory = try lab.inventory(
            of: """
                ServerRoot .
                # SSLCertificateFile b.pem
                <VirtualHost *:443>
                    SSLCertificateFile a.pem
                    SSLCertificateKeyFile a.pem.key
                    SSLCACertificatePath many
                    SetEnv CERTIFICATE current.pem
                    SetEnv OTHER many/c.pem
                    SetEnv NOTHING gone.pem
                </VirtualHost>
                """)
        #expect(inventory.warnings.isEmpty)
        #expect(inventory.summary == ["ca many", "server a.pem"])
    }
}
