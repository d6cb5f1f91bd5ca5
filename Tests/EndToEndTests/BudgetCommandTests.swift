import Certificates
import TestSupport
import Testing

/// How `scan` continues until retries succeed, and what it prints about open deliveries. Retries take real time here.
struct BudgetCommandTests {
    @Test func `scan waits for a retry that falls due within its budget, and is silent about it`() async throws {
        let site = try Site(ops: try RecordingReceiver { number, _ in .answer(number == 0 ? 503 : 200) })
        try site.place("a", daysLeft: -400)
        let outcome = try await site.run(["scan", "-q"])
        #expect(outcome.status == 0)
        #expect(outcome.errors.isEmpty, "\(outcome.errors)")
        #expect(site.ops.requests.map { $0.headers["x-notafter-attempt"] } == ["1", "2; possible-duplicate=1"])
    }

    @Test func `with deliver_for 0 it waits for none, and says when the next attempt is`() async throws {
        let site = try Site(
            ops: try RecordingReceiver { _, _ in .answer(503) }, sections: "deliver_for: 0")
        try site.place("a", daysLeft: -400)
        let outcome = try await site.run(["scan", "-q"])
        #expect(outcome.status == 1)
        #expect(site.ops.requests.count == 1)
        #expect(outcome.errors.contains("to ops: HTTP 503"), "\(outcome.errors)")
        #expect(outcome.errors.contains("still open: 1 delivery to ops, next attempt at 20"), "\(outcome.errors)")
    }

    @Test func `a receiver that takes nothing for a day is told to the others and to the heartbeat`() async throws {
        let heart = try RecordingReceiver()
        let spare = try RecordingReceiver()
        let site = try Site(
            ops: try RecordingReceiver { _, _ in .answer(503) }, receivers: ["spare": spare],
            sections: "deliver_for: 0\nheartbeat: { url: \"http://127.0.0.1:\(heart.port)/ping\" }")
        try site.place("a", daysLeft: -400)
        #expect(try await site.run(["scan"]).status == 1)
        try site.ledger.putBack(days: 2)
        #expect(try await site.run(["scan"]).status == 2)
        #expect(spare.told == ["fleet/CN=a expired", "notafter finding"], "\(spare.told)")
        #expect(heart.requests.map(\.path) == ["/ping", "/ping/fail"])
        #expect(heart.requests.last?.text == "notafter: 1 receiver taking nothing")
        site.ops.behave { _, _ in .answer(200) }
        try site.ledger.putBack(days: 1)
        #expect(try await site.run(["scan"]).status == 0)
        #expect(heart.requests.last?.path == "/ping")
    }

    @Test func `under -q what lasts is said once, and when it changes`() async throws {
        let site = try Site(ops: try RecordingReceiver { _, _ in .answer(503) })
        try site.place("a", daysLeft: 10)
        let first = try await site.scan(day: 0, ["-q"])
        #expect(first.status == 1)
        #expect(first.errors.contains("still open: 1 delivery to ops"), "\(first.errors)")
        for hour in 1...3 {
            let again = try await site.scan(day: 0, seconds: Int64(hour) * 3_600, ["-q"])
            #expect(again.status == 1 && again.errors.isEmpty, "\(again.errors)")
        }
        let loud = try await site.scan(day: 0, seconds: 4 * 3_600)
        #expect(loud.errors.contains("still open"), "without -q it is said each time")
        let changed = try await site.scan(day: 1, seconds: 60, ["-q"])
        #expect(changed.status == 2)
        #expect(changed.errors.contains("receiver ops accepts nothing"), "\(changed.errors)")
        #expect(try await site.scan(day: 1, seconds: 3_600, ["-q"]).errors.isEmpty)
        site.ops.behave { _, _ in .answer(200) }
        let over = try await site.scan(day: 3, ["-q"])
        #expect(over.status == 0)
        #expect(over.errors == "notafter: over: receiver ops\n")
        #expect(try await site.scan(day: 4, ["-q"]).errors.isEmpty)
    }
}
