import Discovery
import TestSupport
import Testing

/// With `--root` a system is read as it reads itself.
@Suite struct SystemRootTests {
    private let lab: DiscoveryLab

    init() throws {
        lab = try DiscoveryLab()
    }

    private func discovered() -> Inventory {
        Inventory.ofSystem(below: SystemRoot(lab.directory.path(of: "root")), decoder: lab.decoder)
    }

    private func paths(_ inventory: Inventory) -> [String] {
        inventory.certificates.map { $0.path.replacing(lab.directory.path, with: "") }
    }

    @Test(arguments: [
        "/etc/nginx/sites-enabled/*", "/etc/nginx/sites-enabled/site", "sites-enabled/*", "/etc/nginx/s*/site",
        "../../../../../etc/nginx/sites-enabled/site",
    ])
    func `includes and the files that they name lie below the root`(include: String) throws {
        try lab.issue(.server, to: "root/srv/site.pem")
        try lab.directory.write("events {} http { include \(include); }", to: "root/etc/nginx/nginx.conf")
        try lab.directory.write(
            "server { listen 1 ssl; ssl_certificate /srv/site.pem; ssl_certificate_key /srv/site.pem.key; }",
            to: "root/etc/nginx/sites-enabled/site")
        let inventory = discovered()
        #expect(paths(inventory) == ["/root/srv/site.pem"])
        #expect(inventory.certificates[0].keys.elements == [lab.directory.path(of: "root/srv/site.pem.key")])
        #expect(inventory.warnings.isEmpty)
        #expect(try lab.draft(inventory).warnings.isEmpty)
    }

    /// Debian links `sites-enabled` to `sites-available`. Links made by hand often have absolute targets.
    @Test func `absolute links are followed below the root, those of files and of directories`() throws {
        let issued = try lab.issue(.server, to: "root/srv/real/site.pem")
        try lab.directory.write(
            "events {} http { include /etc/nginx/sites-enabled/*; }", to: "root/etc/nginx/nginx.conf")
        try lab.directory.write("server { ssl_certificate /srv/live/site.pem; }", to: "root/etc/nginx/available/site")
        try lab.directory.makeDirectory("root/etc/nginx/enabled")
        try lab.directory.link("root/etc/nginx/enabled/site", to: "/etc/nginx/available/site")
        try lab.directory.link("root/etc/nginx/sites-enabled", to: "/etc/nginx/enabled")
        try lab.directory.link("root/srv/live", to: "/srv/real")
        let inventory = discovered()
        #expect(paths(inventory) == ["/root/srv/real/site.pem"])
        let found = try lab.scan(lab.settings(lab.draft(inventory)))
        #expect(Array(found.values) == [[issued.fingerprint]])
    }

    @Test func `a link that leads out of the root by its dots, or in a circle, shows nothing of this machine`() throws {
        try lab.issue(.server, to: "outside.pem")
        try lab.directory.makeDirectory("root/etc/nginx")
        try lab.directory.link("root/etc/nginx/out.pem", to: "../../../outside.pem")
        try lab.directory.link("root/etc/nginx/loop.pem", to: "loop.pem")
        try lab.directory.write(
            "events {} http { ssl_certificate out.pem; ssl_certificate loop.pem; other /../../outside.pem; }",
            to: "root/etc/nginx/nginx.conf")
        let draft = try lab.draft(discovered())
        #expect(!draft.text.contains("CN=outside.pem"))
        for file in ["root/outside.pem", "root/etc/nginx/loop.pem"] {
            #expect(draft.warnings.contains { $0.contains(file) }, "\(file)")
        }
    }

    @Test func `a directory that leads nowhere hides no other one`() throws {
        try lab.issue(.server, to: "root/etc/nginx/tls/site.pem")
        try lab.directory.link("root/etc/nginx/gone", to: "/nowhere")
        #expect(paths(discovered()) == ["/root/etc/nginx/tls/site.pem"])
    }

    @Test func `PostgreSQL's data directory is that of the root`() throws {
        try lab.issue(.server, to: "root/var/lib/postgresql/15/main/other.crt")
        try lab.directory.write(
            "ssl_cert_file = 'other.crt'\n", to: "root/var/lib/postgresql/15/main/postgresql.auto.conf")
        try lab.directory.write(
            "ssl = on\ndata_directory = '/var/lib/postgresql/15/main'\n",
            to: "root/etc/postgresql/15/main/postgresql.conf")
        #expect(paths(discovered()) == ["/root/var/lib/postgresql/15/main/other.crt"])
    }
}
