import TestSupport
import Testing

/// A machine that loses its network and gets it back.
struct NetworkOutageTests {
    private func endpoints(_ urls: [String: String]) -> String {
        let entries = urls.sorted { $0.key < $1.key }.map { name, url in
            """
              - name: \(name)
                url: "\(url)"
                failures_before_alert: 1
                successes_before_resolve: 1
                tls_config: { ca_file: ca.pem, cert_file: client.pem, key_file: client.key }
            """
        }
        return "endpoints:\n" + entries.joined(separator: "\n")
    }

    private func placeClient(in site: Site) throws {
        let client = try site.authority.issue(.client, commonName: "client")
        try site.directory.write(client.pem, to: "client.pem")
        try site.directory.write(client.keyPEM, to: "client.key")
        try site.directory.write(site.authority.pem, to: "ca.pem")
    }

    @Test func `an endpoint that is well by the time a message can leave is not told of`() async throws {
        let site = try Site()
        try placeClient(in: site)
        try site.place("a", daysLeft: 40_000)
        let certificate = try site.authority.issue(
            .server, commonName: "localhost", alternativeNames: [.dns("localhost")])
        let server = try await NginxServer(certificate: certificate, clientAuthority: site.authority)
        let sections = try site.directory.read("notafter.yaml")
        let refusing = "http://127.0.0.1:\(try LoopbackPort.free())/"
        let closed = "https://localhost:\(try LoopbackPort.free())/"
        try site.directory.write(
            sections.replacing(site.ops.url, with: refusing) + endpoints(["api": closed]) + "\n", to: "notafter.yaml")
        #expect(try await site.scan(day: 0).status == 1, "the trouble waits for its receiver")

        try site.directory.write(sections + endpoints(["api": server.url()]) + "\n", to: "notafter.yaml")
        #expect(try await site.scan(day: 1).status == 0)
        #expect(site.ops.told == [])
        withExtendedLifetime(server) {}
    }

    @Test func `a machine that had no network at first says so once, and nothing of endpoints that are well`()
        async throws
    {
        let site = try Site()
        try placeClient(in: site)
        try site.place("a", daysLeft: 40_000)
        let certificate = try site.authority.issue(
            .server, commonName: "localhost", alternativeNames: [.dns("localhost")])
        let receiverPort = try LoopbackPort.free()
        let serverPort = try LoopbackPort.free()
        let names = ["e1", "e2", "e3"]
        let urls = Dictionary(uniqueKeysWithValues: names.map { ($0, "https://localhost:\(serverPort)/") })
        let sections = try site.directory.read("notafter.yaml")
            .replacing(site.ops.url, with: "http://127.0.0.1:\(receiverPort)/")
        try site.directory.write(sections + endpoints(urls) + "\n", to: "notafter.yaml")
        #expect(try await site.scan(day: 0).status == 1)

        let server = try await NginxServer(
            certificate: certificate, clientAuthority: site.authority, port: serverPort)
        let receiver = try RecordingReceiver(port: UInt16(receiverPort))
        #expect(try await site.scan(day: 0, seconds: 2).status == 0, "though the back-off would still last")
        #expect(receiver.told == ["notafter finding", "notafter recovered"])
        withExtendedLifetime(server) {}
    }

    @Test func `a machine that is cut off makes one finding, and tells of its endpoints when it is not`() async throws {
        let site = try Site()
        try placeClient(in: site)
        try site.place("a", daysLeft: 40_000)
        let closed = "https://localhost:\(try LoopbackPort.free())/"
        let refusing = "http://127.0.0.1:\(try LoopbackPort.free())/"
        let sections = try site.directory.read("notafter.yaml").replacing(site.ops.url, with: refusing)
        let names = (1...5).map { "e\($0)" }
        let all = endpoints(Dictionary(uniqueKeysWithValues: names.map { ($0, closed) }))
        try site.directory.write(sections + all + "\n", to: "notafter.yaml")
        for hour in 0..<3 {
            #expect(try await site.scan(day: 0, seconds: Int64(hour) * 3_600).status == 1)
            #expect(
                try site.ledger.count(
                    "SELECT count(*) FROM findings WHERE code = 'network_unreachable' AND closed_at IS NULL") == 1)
        }
        let tried = "SELECT count(DISTINCT d.id) FROM deliveries d JOIN attempts a ON a.delivery_id = d.id"
        #expect(try site.ledger.count(tried) <= 2, "one message of the endpoints before it was known, and the finding")

        // The network is back, but the endpoints still fail.
        try site.directory.write(
            sections.replacing(refusing, with: site.ops.url) + all + "\n", to: "notafter.yaml")
        #expect(try await site.scan(day: 0, seconds: 4 * 3_600).status == 0)
        #expect(site.ops.told.first == "notafter finding")
        #expect(site.ops.told.filter { $0 == "notafter finding" }.count == 1)
        #expect(names.allSatisfy { site.ops.told.contains("\($0) failing") }, "\(site.ops.told)")
        #expect(site.ops.told.contains("notafter recovered"))
    }
}
