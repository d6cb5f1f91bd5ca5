import Certificates
import Discovery
import TestSupport
import Testing

@Suite struct DraftTests {
    private let lab: DiscoveryLab

    init() throws {
        lab = try DiscoveryLab()
    }

    /// File names that YAML, a glob, a shell or a terminal could interpret.
    @Test(arguments: [
        "plain.pem", "a b.pem", "*.pem", "a?[b].pem", #"back\slash.pem"#, #"quo"te's.pem"#, "# comment.pem",
        "key: value.pem", "- item.pem", "&anchor *alias.pem", "!tag.pem", "%.pem", "@at.pem", "`tick`.pem", "{a}.pem",
        "null", "~", "~home.pem", "1.5", "\u{202E}mep.gnp", "é漢😀.pem", "e\u{301}.pem", "\u{FEFF}bom.pem", "...",
        "---.pem",
    ])
    func `any name of a file is written so that the same file is found`(name: String) throws {
        let issued = try lab.issue(.client, to: name)
        let quoted = name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        let inventory = try lab.inventory(of: "server { listen 1 ssl; ssl_certificate \"\(quoted)\"; }")
        let settings = try lab.settings(try lab.draft(inventory))
        #expect(try lab.scan(settings).map(\.value) == [[issued.fingerprint]])
    }

    @Test func `what files and certificates say stays in its comment or in its quotes`() throws {
        let certificate = try lab.authority.issue(
            .client, commonName: "x\ncertificates: []\r\u{85}\u{2028}state: \u{1B}[2J evil")
        try lab.directory.write(certificate.pem, to: "a.pem")
        let inventory = try lab.inventory(
            of: """
                server {
                    ssl_certificate a.pem; ssl_certificate_key "k\\nstate: x";
                    ssl_certificate "$a\\nstate: x\u{1B}[2J";
                    ssl_crl "list\\nstate: y \u{202E}";
                    include "$b\\nstate: z";
                }
                """)
        let draft = try lab.draft(inventory)
        let settings = try lab.settings(draft)
        #expect(settings.registrations.map(\.name) == ["a"])
        #expect(settings.stateFile == lab.directory.path(of: "notafter.db"))
        #expect(draft.text.unicodeScalars.allSatisfy { $0 == "\n" || !$0.isHostile })
    }

    @Test func `names are unique, valid and after the hosts`() throws {
        let long = Array(repeating: String(repeating: "a", count: 60), count: 4).joined(separator: ".")
        let inventory = try lab.inventory(
            of: """
                server { server_name *.example.com; ssl_certificate a.pem; ssl_certificate b.pem; ssl_client_certificate c.pem; }
                server { server_name \(long); ssl_certificate d.pem; ssl_client_certificate e.pem; }
                server { server_name _; ssl_certificate live/site.example.com/fullchain.pem; }
                server { ssl_client_certificate client-ca.crt; proxy_ssl_certificate client.pem; ssl_certificate "ü ü.pem"; }
                """)
        let settings = try lab.settings(try lab.draft(inventory))
        #expect(
            settings.registrations.map(\.name).sorted()
                == [
                    "wildcard.example.com", "wildcard.example.com-2", "wildcard.example.com-ca",
                    String(long.prefix(48)),
                    String(long.prefix(48)) + "-ca", "site.example.com", "client-ca", "client", "---",
                ].sorted())
        #expect(settings.registrations.filter { !$0.hostnames.isEmpty }.map(\.role) == [.ca, .ca])
    }

    @Test func `a certificate that cannot be read is registered, with a warning`() throws {
        try lab.directory.write("no certificate", to: "empty.pem")
        let draft = try lab.draft(
            try lab.inventory(of: "server { ssl_certificate empty.pem; ssl_certificate gone.pem; }"))
        #expect(try lab.settings(draft).registrations.map(\.name) == ["empty", "gone"])
        #expect(draft.warnings.count == 2)
    }

    @Test func `nothing found is comments alone`() throws {
        let draft = try lab.draft(try lab.inventory(of: "server { listen 80; }"))
        #expect(draft.registrationCount == 0)
        #expect(draft.text.split(separator: "\n").allSatisfy { $0.hasPrefix("#") })
    }
}
