import Certificates
import Foundation
import TestSupport
import Testing

/// `notafter inspect`, as text and as JSON.
struct InspectCommandTests {
    private let directory: TemporaryDirectory
    private let root: TestAuthority

    /// All values in an output are fixed, except those that depend on keys.
    init() throws {
        directory = try TemporaryDirectory()
        root = try TestPKI.authority(Self.template(.authority, "Fleet Root", serial: 1))
        let issuing = try root.intermediate(
            Self.template(.authority, "Fleet Issuing", serial: 2, daysLeft: 400) { $0.pathLength = 0 })
        let device = try issuing.issue(
            Self.template(.client, "device-1", serial: 3, daysLeft: 29) {
                $0.alternativeNames = [.uri("spiffe://fleet/device-1"), .ip([10, 0, 0, 1])]
            })
        let server = try root.issue(
            Self.template(.server, "api", serial: 4, daysLeft: 3_000) { template in
                template.alternativeNames = (1...8).map { .dns("service-\($0).fleet.example.com") }
            })
        try directory.write(
            [device, issuing.certificate, server, root.certificate].map(\.pem).joined(), to: "chain.pem")
        try directory.write(Self.troubles(of: root).map(\.pem).joined(), to: "troubles.pem")
        try directory.write(
            root.revocationList(
                revoking: [[7], [8]], thisUpdate: Site.start, nextUpdate: Site.start + .days(3)), to: "list.pem")
    }

    private static func template(
        _ purpose: CertificateTemplate.Purpose, _ commonName: String, serial: UInt8, daysLeft: Int64? = nil,
        _ change: (inout CertificateTemplate) -> Void = { _ in }
    ) -> CertificateTemplate {
        var template = CertificateTemplate(
            purpose, commonName: commonName,
            notAfter: daysLeft.map { Site.start + .days($0) } ?? TestPKI.defaultNotAfter)
        template.serial = [serial]
        change(&template)
        return template
    }

    private static func troubles(of root: TestAuthority) throws -> [IssuedCertificate] {
        let early = template(.client, "early", serial: 13) { $0.notBefore = .at(Site.start + .days(2)) }
        let dateless = template(.client, "dateless", serial: 14) { $0.notAfter = .raw("271301000000Z", tag: 0x17) }
        return [
            try root.issue(template(.client, "gone", serial: 10, daysLeft: -2)),
            try TestPKI.selfSigned(template(.server, "weak", serial: 11), key: .rsa1024),
            try root.issue(template(.client, "sha1", serial: 12) { $0.digest = .sha1 }),
            try root.issue(early), try root.issue(dateless),
            try root.issue(template(.client, "eternal", serial: 15) { $0.notAfter = .at(.noWellDefinedExpiry) }),
        ]
    }

    private func inspect(
        _ arguments: [String], input: String = "", environment: [String: String] = [:]
    ) async throws -> NotafterProcess.Outcome {
        try await NotafterProcess.run(
            ["inspect"] + arguments + Site.at(day: 0), environment: environment, directory: directory.path,
            standardInput: Array(input.utf8))
    }

    private func objects(_ outcome: NotafterProcess.Outcome) throws -> [[String: Any]] {
        try #require(JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [[String: Any]], "\(outcome)")
    }

    @Test(arguments: [("chain", 0), ("troubles", 1), ("list", 0)])
    func `a person reads what is there, how long it lasts and what is wrong`(name: String, status: Int32) async throws {
        let outcome = try await inspect([name + ".pem"])
        #expect(outcome.status == status, "\(outcome.errors)")
        let shown = outcome.output.replacing(/[0-9a-f]{64}/, with: "(a SHA-256)")
        let golden = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Inspected/\(name).txt")
        if ProcessInfo.processInfo.environment["RECORD"] == "1" {
            try shown.write(to: golden, atomically: true, encoding: .utf8)
        }
        #expect(try shown == String(contentsOf: golden, encoding: .utf8))
        #expect(shown.split(separator: "\n").allSatisfy { $0.count <= 100 })
    }

    @Test func `a program reads the same`() async throws {
        let chain = try objects(try await inspect(["chain.pem", "--json"]))
        #expect(
            chain.map { $0["subject"] as? String }
                == ["device-1", "Fleet Issuing", "api", "Fleet Root"].map { "CN=" + $0 })
        let fingerprints = chain.map { $0["fingerprint_sha256"] as? String }
        #expect(
            chain.map { $0["issued_by_sha256"] as? String } == [fingerprints[1], fingerprints[3], fingerprints[3], nil])
        #expect(chain.map { $0["path_length"] as? Int } == [nil, 0, nil, nil])
        #expect(chain.map { $0["extended_key_usages"] as? [String] } == [["clientAuth"], nil, ["serverAuth"], nil])
        #expect(chain.allSatisfy { ($0["findings"] as? [Any])?.isEmpty == true })
        #expect(
            chain.allSatisfy {
                Set(["kind", "issued_by_sha256", "path_length", "extended_key_usages"]).isSubset(of: $0.keys)
            })
        let troubles = try objects(try await inspect(["troubles.pem", "--json"]))
        let findings = try #require(troubles[0]["findings"] as? [[String: String]])
        #expect(findings.map(\.keys.count) == [4])
        #expect(findings[0]["code"] == "expired" && findings[0]["severity"] == "critical")
    }

    @Test func `inspect and check say by the same code that a server's certificate has no alternative name`()
        async throws
    {
        try directory.write(root.issue(.server, commonName: "bare").pem, to: "bare.pem")
        let inspected = try await inspect(["bare.pem"])
        #expect(inspected.output.contains("\n  critical       alternative_name_missing: it is for a server"))
        let checked = try await NotafterProcess.run(
            ["check", "bare.pem"] + Site.at(day: 0), directory: directory.path)
        #expect(checked.status == 2, "\(checked)")
        #expect(checked.output.contains("critical  alternative_name_missing  check: \"CN=bare\" (bare.pem): it is for"))
    }

    @Test func `several places are shown in the order in which they are named`() async throws {
        let leaf = try root.issue(.client, commonName: "piped")
        let outcome = try await inspect(["list.pem", "-", ".", "--json"], input: leaf.pem)
        #expect(outcome.status == 1, "one of the certificates has no date")
        let locations = try objects(outcome).compactMap { $0["location"] as? String }
        #expect(locations.prefix(3) == ["list.pem", "-", "./chain.pem"])
        #expect(locations.suffix(2) == ["./troubles.pem#4", "./troubles.pem#5"])
    }

    @Test func `one place that holds nothing hides no other one`() async throws {
        try directory.write("nothing", to: "empty.txt")
        let outcome = try await inspect(["nowhere.pem", "empty.txt", "list.pem"])
        #expect(outcome.status == 1)
        #expect(outcome.output.hasPrefix("Revocation list of CN=Fleet Root\n"))
        #expect(outcome.errors.split(separator: "\n").count == 2, "\(outcome.errors)")
        #expect(outcome.errors.contains("empty.txt: it holds no certificate"))
        #expect(outcome.errors.contains("nowhere.pem: "))
    }

    @Test(arguments: OpenSSLServer.Version.allCases)
    func `a server's chain is shown although nobody trusts it and it wants a client certificate`(
        version: OpenSSLServer.Version
    ) async throws {
        let certificate = try root.issue(.server, commonName: "localhost", alternativeNames: [.dns("localhost")])
        let chain = try directory.write(root.pem, to: "root.pem")
        let server = try OpenSSLServer(
            certificate: certificate, clientAuthority: root, version: version,
            furtherArguments: ["-cert_chain", chain])
        let outcome = try await inspect(["https://localhost:\(server.port)"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(
            outcome.output.hasPrefix(
                """
                https://localhost:\(server.port): 2 certificates
                  Fleet Root    expires in 8386 days
                  └─ localhost  expires in 8386 days

                localhost
                """), "\(outcome.output)")
        #expect(outcome.errors.hasPrefix("notafter: https://localhost:\(server.port): not trusted here: "))
        #expect(outcome.errors.split(separator: "\n").count == 1)
        withExtendedLifetime(server) {}
    }

    /// Further arguments, and the text of the resulting problem.
    @Test(
        arguments: [
            (["--cacert", "root.pem", "--cert", "client.pem", "--key", "client.key"], nil),
            (
                ["--cacert", "root.pem", "--cert", "client.pem", "--key", "client.key", "--server-name", "other"],
                "other"
            ),
            (["--cacert", "root.pem"], "wants a client certificate"),
            (["--cacert", "other.pem"], "not trusted here"),
            (["--cacert", "root.pem", "--cert", "nowhere.pem"], "nowhere.pem"),
            (["--cacert", "client.key"], "client.key: holds no certificate"),
        ] as [([String], String?)])
    func `a private PKI's server is judged by its CA and with a client certificate`(
        arguments: [String], trouble: String?
    ) async throws {
        let certificate = try root.issue(.server, commonName: "localhost", alternativeNames: [.dns("localhost")])
        let client = try root.issue(.client, commonName: "device-1")
        try directory.write(root.pem, to: "root.pem")
        try directory.write(TestPKI.authority("Other").pem, to: "other.pem")
        try directory.write(client.pem, to: "client.pem")
        try directory.write(client.keyPEM, to: "client.key")
        let server = try OpenSSLServer(certificate: certificate, clientAuthority: root, version: .tls13)
        let outcome = try await inspect(["tls://localhost:\(server.port)"] + arguments)
        #expect(outcome.status == (trouble == nil ? 0 : 1), "\(outcome)")
        if let trouble {
            #expect(outcome.errors.contains(trouble), "\(outcome.errors)")
        } else {
            #expect(outcome.errors.isEmpty && outcome.output.contains("CN=localhost"), "\(outcome)")
        }
        withExtendedLifetime(server) {}
    }

    @Test func `a server that is not there has a reason and no chain`() async throws {
        let outcome = try await inspect(["https://localhost:\(try LoopbackPort.free())"])
        #expect(outcome.status == 1)
        #expect(outcome.output.isEmpty && outcome.errors.contains("connect"))
    }

    @Test func `colours are for what needs the eye`() async throws {
        let coloured = try await inspect(["chain.pem"], environment: ["FORCE_COLOR": "1"])
        #expect(coloured.output.contains("\u{1B}[33mexpires in 29 days\u{1B}[0m"))
        #expect(try await !inspect(["chain.pem"]).output.contains("\u{1B}"))
    }

    @Test func `what certificates say moves no cursor and forges no line`() async throws {
        let hostile = "\u{1B}[2J\u{202E}evil\nforged\u{0}" + String(repeating: "x", count: 4_096)
        var template = CertificateTemplate(.server, commonName: hostile)
        template.alternativeNames = [.dns("a\r\nb\u{9B}31m"), .uri(hostile)]
        template.notAfter = .at(Site.start - .days(9))
        let certificates = try [root.issue(template), TestPKI.authority(hostile).certificate]
        try directory.write(certificates.map(\.pem).joined(), to: "hostile.pem")
        let outcome = try await inspect(["hostile.pem"])
        #expect(outcome.output.contains("\\u{1B}[2J\\u{202E}evil\\u{A}forged\\u{0}xxx"))
        #expect(
            outcome.output.unicodeScalars.allSatisfy {
                $0 == "\n" || $0.value >= 0x20 && $0 != "\u{202E}" && $0 != "\u{9B}"
            })
        #expect(!outcome.output.split(separator: "\n").contains { $0.hasPrefix("forged") })
    }
}
