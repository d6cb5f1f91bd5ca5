import Certificates
import ExpiryRules
import Testing

struct RouteTests {
    private let route: Route

    init() throws {
        route = Route(
            receivers: ["ops"],
            rules: [
                Route.Rule(
                    try NoticeMatchers(parsing: ["label.team=edge", "severity=critical"]), receivers: ["pager"]),
                Route.Rule(try NoticeMatchers(parsing: ["label.team=edge"]), receivers: ["edge", "archive"]),
                Route.Rule(try NoticeMatchers(parsing: ["code=weak_*"]), receivers: ["security"]),
            ], fallback: ["mail"])
    }

    private func traits(
        _ team: String?, _ severity: Severity = .warning, code: FindingCode? = nil
    ) -> NoticeTraits {
        NoticeTraits(
            registration: "fleet", role: .client, labels: team.map { ["team": $0] } ?? [:], severity: severity,
            code: code)
    }

    @Test func `the first rule that matches names the receivers, and no other`() {
        #expect(route.addressees(of: [traits("edge", .critical)]).map(\.receiver) == ["pager"])
        #expect(route.addressees(of: [traits("edge")]).map(\.receiver) == ["edge", "archive"])
        #expect(route.addressees(of: [traits("edge", code: .weakKey)]).map(\.receiver) == ["edge", "archive"])
        #expect(route.addressees(of: [traits("core", code: .weakKey)]).map(\.receiver) == ["security"])
    }

    @Test func `what no rule matches is heard by the rest`() {
        #expect(route.addressees(of: [traits("core")]).map(\.receiver) == ["ops"])
        #expect(route.addressees(of: [traits(nil, .critical)]).map(\.receiver) == ["ops"])
    }

    @Test func `who watches the same certificate hears by his own route, and each receiver once`() {
        let addressees = route.addressees(of: [traits("core"), traits("edge"), traits(nil)])
        #expect(addressees.map(\.receiver) == ["ops", "edge", "archive"])
    }

    @Test func `the rule that named a receiver is told`() {
        #expect(
            route.addressees(of: [traits("edge", .critical), traits("core")]).map(\.namedBy)
                == ["route.rules[0] (label.team=edge, severity=critical)", "route.receivers"])
    }

    @Test func `everybody is all that any part of the table names`() {
        #expect(route.everybody == ["pager", "edge", "archive", "security", "ops", "mail"])
        #expect(Route(receivers: []).everybody.isEmpty)
    }

    @Test func `the digest changes with the routes and with what they ask of registrations`() {
        let registration = Registration(name: "fleet", role: .client, labels: ["team": "edge"])
        let moved = Registration(name: "fleet", role: .client, labels: ["team": "core"])
        let plan = WatchPlan(registrations: [registration], route: route)
        #expect(plan.routeDigest == WatchPlan(registrations: [registration], route: route).routeDigest)
        #expect(plan.routeDigest != WatchPlan(registrations: [moved], route: route).routeDigest)
        let simple = Route(receivers: ["ops"])
        #expect(plan.routeDigest != WatchPlan(registrations: [registration], route: simple).routeDigest)
        #expect(
            WatchPlan(registrations: [moved], route: simple).routeDigest
                == WatchPlan(registrations: [registration], route: simple).routeDigest)
        #expect(
            WatchPlan(registrations: [], route: Route(receivers: ["ops"], fallback: ["mail"])).routeDigest
                != WatchPlan(registrations: [], route: simple).routeDigest)
    }
}
