import Discovery
import TestSupport
import Testing

@Suite struct WellKnownFileTests {
    private let lab: DiscoveryLab

    init() throws {
        lab = try DiscoveryLab()
    }

    private func discovered() throws -> Inventory {
        Inventory.ofSystem(below: SystemRoot(lab.directory.path), decoder: lab.decoder)
    }

    @Test func `what no configuration names is found, with the role that it can have`() throws {
        try lab.issue(.server, to: "etc/letsencrypt/live/example.com/fullchain.pem")
        try lab.issue(.client, to: "etc/kubernetes/pki/apiserver-kubelet-client.crt")
        try lab.directory.write(lab.authority.pem, to: "etc/kubernetes/pki/ca.crt")
        try lab.directory.write(lab.authority.pem, to: "etc/kubernetes/pki/etcd/ca.crt")
        try lab.directory.write("ssh-rsa AAAA", to: "etc/kubernetes/pki/sa.crt")
        try lab.directory.write(Array("\u{0}".utf8), to: "etc/nginx/odd.pem")
        let inventory = try discovered()
        #expect(
            inventory.summary.sorted() == [
                "ca ca.crt", "ca ca.crt", "client apiserver-kubelet-client.crt", "server fullchain.pem",
            ])
        #expect(inventory.certificates[0].path.hasPrefix(lab.directory.path + "/etc/"))
    }

    @Test func `what a configuration names is found once, with its role and hosts`() throws {
        try lab.issue(.server, to: "etc/nginx/tls/site.pem")
        try lab.directory.write(
            """
            http { server { listen 1 ssl; server_name a.example.com; ssl_certificate tls/site.pem;
                ssl_certificate_key tls/site.pem.key; } }
            """, to: "etc/nginx/nginx.conf")
        #expect(try discovered().summary == ["server site.pem a.example.com"])
    }

    @Test func `a trust store of the system's is for its owner to renew`() throws {
        let authorities = try (0..<17).map { try TestPKI.authority("Root \($0)").pem }
        try lab.directory.write(authorities.joined(), to: "etc/pki/tls/certs/ca-bundle.crt")
        let inventory = try discovered()
        #expect(inventory.certificates.isEmpty && inventory.warnings.isEmpty)
        #expect(inventory.remarks.map(\.text) == ["17 CAs: a trust store of the system's"])
    }
}
