import Configuration
import ExpiryRules
import Foundation
import Testing

/// `route` and `receiver_groups`.
@Suite struct RouteFileTests {
    private let watched = """
        certificates:
          - { name: edge-ca, role: ca, paths: [ca.pem], owner: edge, labels: { team: edge } }
        endpoints:
          - { name: api, url: "https://api.example.com", tls_config: { cert_file: a.pem, key_file: a.key } }
        receivers:
          - { name: ops, webhook: { url: "https://ops.example.com" } }
          - { name: pager, webhook: { url: "https://pager.example.com" } }
          - { name: mail, webhook: { url: "https://mail.example.com" } }

        """

    private func route(_ text: String) throws -> Route {
        try Scratch().load(watched + text).route
    }

    private func rule(_ matchers: [String], _ receivers: [String]) throws -> Route.Rule {
        Route.Rule(try NoticeMatchers(parsing: matchers), receivers: receivers)
    }

    @Test func `every key of a rule reaches the route`() throws {
        let route = try route(
            """
            route:
              receivers: [ops]
              fallback: mail
              rules:
                - match:
                    registration: [edge-*, api/client]
                    role: ca
                    owner: edge
                    labels: { team: [edge, core], tier: "1" }
                    severity: critical
                    code: weak_*
                    endpoint: api
                  receivers: [pager, ops]
                - { match: { registration: notafter }, receivers: [mail] }
            """)
        #expect(
            route
                == Route(
                    receivers: ["ops"],
                    rules: [
                        try rule(
                            [
                                "registration=edge-*", "registration=api/client", "role=ca", "owner=edge",
                                "label.team=edge", "label.team=core", "label.tier=1", "severity=critical",
                                "code=weak_*",
                                "endpoint=api",
                            ], ["pager", "ops"]),
                        try rule(["registration=notafter"], ["mail"]),
                    ], fallback: ["mail"]))
    }

    @Test func `a group stands wherever receivers are named, and names nobody twice`() throws {
        let route = try route(
            """
            receiver_groups: { oncall: [pager, ops], late: [mail] }
            route:
              receivers: [ops, oncall]
              fallback: late
              rules: [{ match: { severity: critical }, receivers: [oncall, mail, late] }]
            """)
        #expect(
            route
                == Route(
                    receivers: ["ops", "pager"], rules: [try rule(["severity=critical"], ["pager", "ops", "mail"])],
                    fallback: ["mail"]))
    }

    @Test func `an endpoint's matcher means what it presents and what opens it`() throws {
        let settings = try Scratch().load(
            watched + "route: { receivers: [ops], rules: [{ match: { endpoint: api }, receivers: [pager] }] }")
        let plan = WatchPlan(registrations: settings.registrations, route: settings.route)
        for name in ["api", "api/client"] {
            let traits = plan.traits(ofNoticeFor: name, severity: .warning)
            #expect(settings.route.addressees(of: [traits]).map(\.receiver) == ["pager"])
        }
        let other = plan.traits(ofNoticeFor: "edge-ca", severity: .warning)
        #expect(settings.route.addressees(of: [other]).map(\.receiver) == ["ops"])
    }

    @Test func `rules of drop-ins follow those of the file`() throws {
        let scratch = try Scratch()
        try FileManager.default.createDirectory(atPath: scratch.path + "/conf.d", withIntermediateDirectories: true)
        try scratch.write(
            Array("route: { rules: [{ match: { role: ca }, receivers: [mail] }] }".utf8), to: "conf.d/10.yaml")
        let settings = try scratch.load(
            watched + "route: { receivers: [ops], rules: [{ match: { owner: edge }, receivers: [pager] }] }")
        #expect(settings.route.rules == [try rule(["owner=edge"], ["pager"]), try rule(["role=ca"], ["mail"])])
    }
}
