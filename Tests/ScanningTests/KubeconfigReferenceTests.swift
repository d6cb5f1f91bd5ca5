import Certificates
import Glibc
import Scanning
import TestSupport
import Testing

/// The files that a kubeconfig names belong to its source.
struct KubeconfigReferenceTests {
    private let directory: TemporaryDirectory
    private let authority: TestAuthority
    private let client: IssuedCertificate

    init() throws {
        directory = try TemporaryDirectory()
        authority = try TestPKI.authority("Cluster CA")
        client = try authority.issue(.client, commonName: "admin")
    }

    private func writeKubeconfig(
        _ name: String = "kube/admin.conf", authority: String = "pki/ca.crt", client: String = "../client.pem"
    ) throws {
        try directory.write(
            """
            apiVersion: v1
            kind: Config
            clusters:
            - name: lab
              cluster:
                certificate-authority: \(authority)
                server: https://127.0.0.1:6443
            users:
            - name: admin
              user:
                client-certificate: \(client)
                client-key: /etc/shadow
            """, to: name)
    }

    private var caPlace: String { "kube/admin.conf -> \(directory.path)/kube/pki/ca.crt" }
    private var clientPlace: String { "kube/admin.conf -> \(directory.path)/kube/../client.pem" }

    private func writeAll() throws {
        try writeKubeconfig()
        try directory.write(authority.certificate.pem, to: "kube/pki/ca.crt")
        try directory.write(client.pem, to: "client.pem")
    }

    @Test func `named files are seen at places that name both files`() throws {
        try writeAll()
        let result = try ScanRun(directory, "kube/admin.conf").scan()
        #expect(result.read["kube/admin.conf"] == [])
        #expect(result.read[caPlace] == [authority.certificate.fingerprint])
        #expect(result.read[clientPlace] == [client.fingerprint])
        #expect(result.read.count == 3)
        #expect(result.outcome == .seen(files: 1))
        #expect(result.order == result.order.sorted())
    }

    @Test func `beside many other files they keep the order of paths, whatever the size of a page`() throws {
        try writeAll()
        for name in ["kube/admin.conf ", "kube/admin.conf ~", "kube/admin.conf.old", "kube/admin.con", "z.pem"] {
            try directory.write(client.pem, to: name)
        }
        for pageSize in 1...8 {
            let run = try ScanRun(directory, pageSize: pageSize)
            let first = run.scan()
            #expect(first.order == first.order.sorted())
            #expect(first.read.count == 10)
            // The kubeconfig is read in each scan. No other file is read again, and none is removed.
            let again = run.scan()
            #expect(again.read.keys.sorted() == ["kube/admin.conf"])
            #expect(again.gone == [])
        }
    }

    @Test func `a named file that changes is read although its kubeconfig has not changed`() throws {
        try writeAll()
        let run = try ScanRun(directory, "kube/admin.conf")
        _ = run.scan()
        let renewed = try authority.issue(.client, commonName: "admin")
        try directory.write(renewed.pem, to: "client.pem")
        let result = run.scan()
        #expect(result.read[clientPlace] == [renewed.fingerprint])
        #expect(result.read[caPlace] == nil)
    }

    @Test func `a named file that vanishes or is no regular file is lost from sight and not gone`() throws {
        try writeAll()
        let run = try ScanRun(directory, "kube/admin.conf")
        _ = run.scan()
        try directory.remove("client.pem")
        try directory.remove("kube/pki/ca.crt")
        #expect(mkfifo(directory.path(of: "kube/pki/ca.crt"), 0o600) == 0)
        let result = run.scan()
        #expect(result.unreadable == [clientPlace: .notFound, caPlace: .notRegularFile])
        #expect(result.gone == [])
    }

    @Test func `a file that is named no longer is gone, and one whose kubeconfig cannot be read is not`() throws {
        try writeAll()
        let run = try ScanRun(directory, "kube")
        _ = run.scan()
        try directory.write(String(repeating: "# padding\n", count: 1_000_000), to: "kube/admin.conf")
        #expect(run.scan().gone == [])
        try writeKubeconfig(client: "")
        #expect(run.scan().gone == [clientPlace])
        try directory.remove("kube/admin.conf")
        try directory.write(client.pem, to: "kube/other.pem")
        #expect(run.scan().gone.sorted() == ["kube/admin.conf", caPlace])
    }

    @Test func `kubeconfigs that name themselves and each other end`() throws {
        let (one, other) = (directory.path(of: "one"), directory.path(of: "other"))
        try writeKubeconfig("one", authority: other, client: one)
        try writeKubeconfig("other", authority: one, client: other)
        let result = try ScanRun(directory).scan()
        #expect(result.order.count == 6)
        #expect(result.outcome == .seen(files: 2))
    }

    @Test(arguments: [
        (#"{"clusters":[{"cluster":{"certificate-authority":"a b.pem"}}],"users":[]}"#, ["a b.pem"]),
        ("clusters: [{cluster: {certificate-authority: a.pem, server: s}}]\nusers: []\n", ["a.pem"]),
        ("clusters:\nusers:\n- user:\n    client-certificate: 'it''s.pem'  # mine\r\n", ["it's.pem"]),
        ("clusters:\nusers:\n- user:\n    \"client-certificate\": \"q\\\"uoted.pem\"\n", ["q\"uoted.pem"]),
        (
            "clusters:\nusers:\n- user: \n    client-certificate: a.pem # mine\n    client-certificate: a.pem\n",
            ["a.pem"]
        ),
        ("clusters:\nusers:\n# client-certificate: a.pem\n", []),
        ("clusters:\nusers:\n- user: {}\n  insecure-client-certificate: a.pem\n  client-certificate-data: b\n", []),
        ("clusters:\nusers:\n  client-certificate: null\n  certificate-authority: |\n    a.pem\n", []),
        ("clusters:\nusers:\n  client-certificate:", []),
        ("certificate-authority: a.pem\n", []),
    ])
    func `a kubeconfig names files in any style`(text: String, names: [String]) throws {
        try directory.write(text, to: "config")
        let result = try ScanRun(directory, "config").scan()
        let places = names.map { "config -> \(directory.path)/\($0)" }
        #expect(result.unreadable.keys.sorted() == places.sorted())
        #expect(result.unreadable.values.allSatisfy { $0 == .notFound })
    }

    @Test func `a file with a million names costs no more than the first of them`() throws {
        let names = (0..<300_000).map { "client-certificate: \($0)" }
        try directory.write("clusters: users: " + names.joined(separator: "\n"), to: "config")
        let result = try ScanRun(directory, "config").scan()
        #expect(result.defects["config"] == [.tooLarge])
        #expect(result.unreadable.count == 1_024)
    }
}
