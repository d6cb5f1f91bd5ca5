import Certificates
import Configuration
import ExpiryRules
import Testing

struct AlertTimesTests {
    private func settings(_ text: String) throws -> Settings {
        try Scratch().load(text)
    }

    private func registration(_ name: String, in settings: Settings) throws -> Registration {
        try #require(settings.registrations.first { $0.name == name })
    }

    private let everything = """
        defaults:
          thresholds: [30d, { before: 14d, severity: critical }]
          revocation_list_thresholds: [20%]
          repeat_every: 1d
          threshold_rules:
            - { match: { role: ca }, thresholds: [365d, { before: 90d, severity: info }], repeat_every: 1w }
            - { match: { labels: { tier: [gold, "plat*"] } }, thresholds: [12h], revocation_list_thresholds: [6h] }
        certificates:
          - { name: root, role: ca, paths: [ca.pem], labels: { tier: gold } }
          - { name: fleet, role: client, paths: [a.pem], labels: { tier: platinum } }
          - { name: own, role: client, paths: [b.pem], thresholds: [33%], repeat_every: never }
        revocation_lists:
          - { name: lists, paths: [l.pem], thresholds: [{ before: 12h, severity: critical }, 50%] }
          - { name: others, paths: [o.pem] }
        endpoints:
          - name: api
            url: https://api.example.com
            tls_config: { cert_file: c.pem, key_file: c.key }
            thresholds: [36h, 20%]
            repeat_every: 12h
          - { name: web, url: "https://www.example.com" }
        """

    @Test func `thresholds may say how bad they are`() throws {
        let fleet = try registration("web", in: settings(everything))
        #expect(fleet.thresholds == [.span(.days(30)), Threshold(.span(.days(14)), severity: .critical)])
    }

    @Test func `rules say when to tell by role and label, and what they do not say stands under defaults`() throws {
        let settings = try settings(everything)
        let root = try registration("root", in: settings)
        #expect(root.thresholds == [.span(.days(365)), Threshold(.span(.days(90)), severity: .info)])
        #expect(root.listThresholds == [.share(percent: 20)])
        #expect(root.reminders == ReminderSchedule(every: .days(7)))
        let fleet = try registration("fleet", in: settings)
        #expect(fleet.thresholds == [.span(.hours(12))])
        #expect(fleet.listThresholds == [.span(.hours(6))])
        #expect(fleet.reminders == ReminderSchedule(every: .days(1)))
    }

    @Test func `an entry's own go before all`() throws {
        let settings = try settings(everything)
        let own = try registration("own", in: settings)
        #expect(own.thresholds == [.share(percent: 33)])
        #expect(own.reminders == nil)
        let lists = try registration("lists", in: settings)
        #expect(lists.listThresholds == [Threshold(.span(.hours(12)), severity: .critical), .share(percent: 50)])
        #expect(try registration("others", in: settings).listThresholds == [.share(percent: 20)])
    }

    @Test(arguments: ["api", "api/client"])
    func `an endpoint's own hold for what it presents and for what opens it`(name: String) throws {
        let registration = try registration(name, in: settings(everything))
        #expect(registration.thresholds == [.span(.hours(36)), .share(percent: 20)])
        #expect(registration.reminders == ReminderSchedule(every: .hours(12)))
    }

    @Test(
        arguments: [
            ("{ thresholds: [{ severity: info }] }", "1:26: defaults.thresholds[0].before: missing"),
            (
                "{ thresholds: [{ before: 1d, severity: bad }] }",
                "1:50: defaults.thresholds[0].severity: \"bad\" is not one of info, warning, critical"
            ),
            (
                "{ thresholds: [1d, { before: 1d, severity: info }] }",
                "1:30: defaults.thresholds[1]: repeats defaults.thresholds[0]"
            ),
            ("{ repeat_every: 5m }", "1:27: defaults.repeat_every: \"5m\" is not between 1h and 365d"),
            (
                "{ threshold_rules: [{ match: { role: ca } }] }",
                "1:31: defaults.threshold_rules[0]: says nothing: set thresholds, revocation_list_thresholds or repeat_every"
            ),
            (
                "{ threshold_rules: [{ match: { registration: flet }, thresholds: [1d] }] }",
                "1:56: defaults.threshold_rules[0].match.registration: there is no registration that \"flet\" matches; "
                    + "did you mean \"fleet\"?"
            ),
            (
                "{ threshold_rules: [{ match: { severity: info }, thresholds: [1d] }] }",
                "1:42: defaults.threshold_rules[0].match.severity: unknown key; known here: registration, role, owner, "
                    + "labels, endpoint"
            ),
        ])
    func `what is wrong is said with its place`(defaults: String, problem: String) throws {
        let text = """
            defaults: \(defaults)
            certificates: [{ name: fleet, role: client, paths: [a.pem] }]

            """
        #expect(try Scratch().problems(of: Array(text.utf8)).contains(problem))
    }
}
