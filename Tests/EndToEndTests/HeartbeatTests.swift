import Foundation
import TestSupport
import Testing

/// The heartbeat, which reports the result of each pass to a monitor.
struct HeartbeatTests {
    private static let key = "canary-check-7d1f"

    private func site(_ heart: RecordingReceiver, ops: RecordingReceiver? = nil, url: String? = nil) throws -> Site {
        let path = url ?? "/\(Self.key)?rid=\(Self.key)-rid"
        return try Site(
            ops: ops, sections: "heartbeat: { url: \"http://127.0.0.1:\(heart.port)\(path)\" }")
    }

    @Test func `a good pass is a POST to the URL, with a few words`() async throws {
        let heart = try RecordingReceiver()
        let site = try site(heart)
        try site.place("a", daysLeft: 40_000)
        let outcome = try await site.run(["scan"])
        #expect(outcome.status == 0 && outcome.errors.isEmpty)
        let ping = try #require(heart.requests.first)
        #expect(heart.requests.count == 1)
        #expect(ping.method == "POST" && ping.path == "/\(Self.key)?rid=\(Self.key)-rid")
        #expect(ping.text == "notafter: 1 source read, 0 endpoints probed, 0 deliveries still open")
    }

    @Test(arguments: [("/ping/", "/ping/fail"), ("/ping?a=/b", "/ping/fail?a=/b"), ("", "/fail")])
    func `a place that cannot be read makes a bad pass: /fail joins the path`(url: String, expected: String)
        async throws
    {
        let heart = try RecordingReceiver()
        let site = try site(heart, url: url)
        let outcome = try await site.run(["scan"])
        #expect(outcome.status == 0, "nothing about this is left to deliver")
        #expect(heart.requests.map(\.path) == [expected])
        #expect(heart.requests.first?.text == "notafter: 1 source could not be read")
    }

    @Test func `a receiver that refuses makes a bad pass`() async throws {
        let heart = try RecordingReceiver()
        let site = try site(heart, ops: try RecordingReceiver { _, _ in .answer(400) })
        try site.place("a", daysLeft: -400)
        #expect(try await site.run(["scan"]).status == 2)
        #expect(heart.requests.map(\.path) == ["/\(Self.key)/fail?rid=\(Self.key)-rid"])
        #expect(heart.requests.first?.text == "notafter: 1 delivery refused by the receiver")
    }

    @Test func `a certificate that has expired and was told makes a good pass`() async throws {
        let heart = try RecordingReceiver()
        let site = try site(heart)
        try site.place("a", daysLeft: -400)
        #expect(try await site.run(["scan"]).status == 0)
        #expect(heart.requests.map(\.path) == ["/\(Self.key)?rid=\(Self.key)-rid"])
        #expect(site.ops.told == ["fleet/CN=a expired"])
    }

    @Test(arguments: ["scan", "run"])
    func `a ledger that cannot be used is told`(command: String) async throws {
        let heart = try RecordingReceiver()
        let site = try site(heart)
        try site.directory.makeDirectory("notafter.db")
        #expect(try await site.run([command]).status == 3)
        #expect(heart.requests.map(\.path) == ["/\(Self.key)/fail?rid=\(Self.key)-rid"])
    }

    @Test(arguments: [200, 302, 404, 500])
    func `a ping that fails changes nothing but a line of warning, which keeps the URL to itself`(status: Int)
        async throws
    {
        let heart = try RecordingReceiver { _, request in
            .answer(status, headers: ["Location: http://127.0.0.1\(request.path)"], body: request.path)
        }
        let site = try site(heart)
        try site.place("a", daysLeft: 40_000)
        let outcome = try await site.run(["scan"])
        #expect(outcome.status == 0)
        #expect(outcome.errors.contains("notafter: heartbeat: HTTP \(status)") == (status != 200), "\(outcome.errors)")
        for text in [outcome.output, outcome.errors, String(decoding: try site.ledger.bytes(), as: UTF8.self)] {
            #expect(!text.contains(Self.key))
        }
        #expect(heart.requests.count == 1, "no redirect is followed")
    }

    @Test func `a heart that nobody keeps is a line of warning`() async throws {
        let heart = try RecordingReceiver()
        let site = try site(heart)
        try site.place("a", daysLeft: 40_000)
        heart.stop()
        let outcome = try await site.run(["scan"])
        #expect(outcome.status == 0 && outcome.errors.contains("notafter: heartbeat: "))
        #expect(!outcome.errors.contains(Self.key))
    }

    @Test func `a rehearsal is no sign of life`() async throws {
        let heart = try RecordingReceiver()
        let site = try site(heart)
        try site.place("a", daysLeft: 40)
        try await site.scan(day: 0)
        #expect(heart.requests.isEmpty)
    }

    @Test func `the daemon pings after each pass`() async throws {
        let heart = try RecordingReceiver()
        let site = try site(heart)
        try site.place("a", daysLeft: 40_000)
        let daemon = try NotafterProcess(["run"], directory: site.directory.path)
        try await waitUntil("the pass is told") { !heart.requests.isEmpty }
        daemon.signal(SIGTERM)
        let outcome = try await daemon.outcome()
        #expect(outcome.status == 0 && !outcome.errors.contains(Self.key))
        #expect(heart.requests.map(\.path) == ["/\(Self.key)?rid=\(Self.key)-rid"])
    }
}
