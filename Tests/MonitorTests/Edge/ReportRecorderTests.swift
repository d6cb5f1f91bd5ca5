import Certificates
import EdgeLogs
import ExpiryRules
import Foundation
import LedgerStorage
import Monitor
import TestSupport
import Testing

/// What an edge reports over HTTP.
struct ReportRecorderTests {
    private let directory: TemporaryDirectory
    private let ledger: Ledger
    private let plan: WatchPlan

    init() throws {
        directory = try TemporaryDirectory()
        ledger = try Ledger(sqliteFile: directory.path(of: "ledger.db"))
        var plan = WatchPlan(
            registrations: [Registration(name: ObservedPlan.registrationName, role: .client)],
            route: Route(receivers: []))
        plan.observed = ObservedPlan()
        self.plan = plan
    }

    private static func object(_ subject: String) -> String {
        #"{"subject":"\#(subject)","not_after":"2040-01-01T00:00:00Z","host":"api.example.com"}"#
    }

    @Test(arguments: [
        (object("CN=a"), 1), ("[\(object("CN=a")), \(object("CN=b"))]", 2),
        ("\(object("CN=a"))\n\(object("CN=b"))\n", 2),
        (object("CN=a").replacing(",", with: ",\n  "), 1), ("[]", 0), ("", 0),
    ])
    func `an object, an array and an object in each line are read alike`(body: String, count: Int) async throws {
        let recorder = ReportRecorder(ledger: ledger, time: ManualTime(Instant(seconds: 1_800_000_000)))
        let progress = try await recorder.take(Array(body.utf8), from: "edge-1", plan: plan)
        #expect(progress.tally.uses == count && progress.tally.unreadable.isEmpty, "\(progress.tally)")
        #expect(progress.outcome.newCertificates == count)
        #expect(try await ledger.observedCertificates() == count)
    }

    @Test(arguments: ["[1, null]", "no JSON\nat all", #"["text", {"status": 200}]"#])
    func `what is no report is counted, and registers nothing`(body: String) async throws {
        let recorder = ReportRecorder(ledger: ledger, time: ManualTime(Instant(seconds: 1_800_000_000)))
        let progress = try await recorder.take(Array(body.utf8), from: "edge-1", plan: plan)
        #expect(progress.tally.unreadableCount == 2 && progress.tally.uses == 0)
        #expect(try await ledger.observedCertificates() == 0)
    }

    @Test func `a log that is followed is recorded with its position, and read on by the next observer`() async throws {
        let log = try directory.write(Self.object("CN=a") + "\n", to: "edge.log")
        func observer(_ edge: String) -> LogObserver {
            LogObserver(
                ledger: ledger, plan: plan, edge: edge, time: ManualTime(Instant(seconds: 1_800_000_000)),
                pause: { _ in })
        }
        let following = Task { [observer = observer("edge-1")] in
            try await observer.observe(.log(path: log), as: .json, .following)
        }
        try await waitUntil { try await ledger.observedCertificates() == 1 }
        let file = try FileHandle(forWritingTo: URL(filePath: log))
        try file.seekToEnd()
        try file.write(contentsOf: Data((Self.object("CN=b") + "\n").utf8))
        try file.close()
        try await waitUntil { try await ledger.observedCertificates() == 2 }
        following.cancel()
        #expect(try await following.value.tally.uses == 2)
        let rest = try await observer("edge-1").observe(.log(path: log), as: .json, .toEnd)
        #expect(rest.tally.lines == 0)
    }

    private func waitUntil(_ isTrue: () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(20)
        while try await !isTrue() {
            try #require(ContinuousClock.now < deadline)
            await Task.yield()
        }
    }
}
