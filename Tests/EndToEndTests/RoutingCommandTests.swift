import Foundation
import TestSupport
import Testing

/// Routes and the fallback, tested through the command.
struct RoutingCommandTests {
    private static func configure(_ site: Site, _ receivers: [String: RecordingReceiver], route: String) throws {
        try site.directory.makeDirectory("edge")
        try site.directory.write(try site.certificate("calm", daysLeft: 400).pem, to: "edge/calm.pem")
        let list = receivers.sorted { $0.key < $1.key }.map { "  - { name: \($0), webhook: { url: \"\($1.url)\" } }" }
        try site.directory.write(
            """
            certificates:
              - { name: fleet, role: client, paths: [pki], owner: device-team }
              - { name: edge, role: client, paths: [edge], owner: edge-team }
            receivers:
            \(list.joined(separator: "\n"))
            route: \(route)

            """, to: "notafter.yaml")
    }

    @Test func `rules choose who hears, and explain says which one did`() async throws {
        let (site, edge) = (try Site(), try RecordingReceiver())
        try Self.configure(
            site, ["ops": site.ops, "edge": edge],
            route: "{ receivers: [ops], rules: [{ match: { owner: edge-team }, receivers: [edge] }] }")
        try site.place("a", daysLeft: 20)
        try site.directory.write(try site.certificate("b", daysLeft: 20).pem, to: "edge/b.pem")
        #expect(try await site.scan(day: 0).status == 0)
        #expect(site.ops.told == ["fleet/CN=a expiring 30d"])
        #expect(edge.told == ["edge/CN=b expiring 30d"])
        let text = try await site.run(["explain", "CN=b"] + Site.at(day: 0)).output
        #expect(
            text.contains("to edge: delivered") && text.contains("named by route.rules[0] (owner=edge-team)"), "\(text)"
        )
        #expect(text.contains("goes to edge (by route.rules[0] (owner=edge-team))"), "\(text)")
    }

    @Test func `the fallback hears in the same scan of a receiver that refuses, and of its recovery`() async throws {
        let site = try Site(ops: try RecordingReceiver { _, _ in .answer(404) })
        let mail = try RecordingReceiver()
        try Self.configure(site, ["ops": site.ops, "mail": mail], route: "{ receivers: [ops], fallback: mail }")
        try site.place("a", daysLeft: 20)
        #expect(try await site.scan(day: 0).status == 2)
        #expect(mail.told == ["notafter finding"])
        let body = try #require(mail.requests.first?.text)
        for part in ["the receiver ops refuses", "HTTP 404", "CN=a", "notafter deliveries --state parked"] {
            #expect(body.contains(part), "\(body)")
        }
        let listed = try await site.run(["list"] + Site.at(day: 0)).output
        #expect(listed.contains("the receiver ops refuses"), "\(listed)")

        site.ops.behave { _, _ in .answer(200) }
        #expect(try await site.scan(day: 1).status == 0)
        #expect(site.ops.told.last == "fleet/CN=a expiring 30d")
        #expect(mail.told == ["notafter finding", "notafter recovered"])
    }

    @Test func `config routes shows the table, and who hears of which registration`() async throws {
        let site = try Site()
        try Self.configure(
            site, ["ops": site.ops, "edge": site.ops, "spare": site.ops],
            route: """
                { receivers: [ops], rules: [{ match: { owner: edge-team, severity: critical }, receivers: [edge, ops] }] }
                """)
        let lines = try await site.run(["config", "routes"]).output.split(separator: "\n").map {
            $0.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
        }
        #expect(
            lines == [
                "route.rules[0] owner=edge-team, severity=critical edge, ops", "route.receivers ops",
                "fleet info, warning, critical ops route.receivers", "edge info, warning ops route.receivers",
                "edge critical edge, ops route.rules[0] (owner=edge-team, severity=critical)",
                "no route names: spare",
            ])
        let validated = try await site.run(["config", "validate"]).output
        #expect(validated.contains("3 receivers, 2 of them routed; no route names spare"), "\(validated)")
        let json = try await site.run(["config", "routes", "--json"]).output
        let object = try #require(JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        #expect(object["unrouted"] as? [String] == ["spare"])
    }
}
