import Certificates
import ExpiryRules
import Testing

struct WatchPlanTests {
    private func plan(
        _ registrations: (name: String, thresholds: [String], reminderDays: Int64?)...
    ) throws -> WatchPlan {
        WatchPlan(
            registrations: try registrations.map { name, thresholds, days in
                Registration(
                    name: name, role: .server, thresholds: try thresholds.map { try #require(Threshold(parsing: $0)) },
                    reminders: days.map { ReminderSchedule(every: .days($0)) })
            },
            route: Route(receivers: ["ops"]))
    }

    @Test func `who asks for no other stages and no more reminders makes no difference`() throws {
        let plan = try plan(
            ("usual", ["30d", "14d"], nil), ("less", ["14d"], nil), ("more", ["90d", "14d"], nil),
            ("weekly", ["30d", "14d"], 7), ("daily", ["14d"], 1))
        func asks(_ name: String, noMoreThan other: String) -> Bool {
            plan.asks(name, noMoreThan: other, of: .certificate)
        }
        #expect(asks("less", noMoreThan: "usual"))
        #expect(!asks("usual", noMoreThan: "less"))
        #expect(!asks("more", noMoreThan: "usual"))
        #expect(asks("usual", noMoreThan: "weekly"))
        #expect(!asks("weekly", noMoreThan: "usual"))
        #expect(!asks("daily", noMoreThan: "weekly"))
        #expect(asks("gone", noMoreThan: "usual"))
        #expect(!asks("usual", noMoreThan: "gone"))
    }

    @Test func `who asks for no more on behalf of other people makes a difference`() throws {
        let registrations = [
            Registration(name: "edge-1", role: .server, labels: ["team": "edge"]),
            Registration(name: "edge-2", role: .server, labels: ["team": "edge"]),
            Registration(name: "core", role: .server, labels: ["team": "core"]),
        ]
        let rule = Route.Rule(try NoticeMatchers(parsing: ["label.team=edge"]), receivers: ["edge"])
        let plan = WatchPlan(registrations: registrations, route: Route(receivers: ["ops"], rules: [rule]))
        #expect(plan.asks("edge-1", noMoreThan: "edge-2", of: .certificate))
        #expect(!plan.asks("edge-1", noMoreThan: "core", of: .certificate))
    }
}
