import Certificates
import Foundation
import TestSupport
import Testing

/// The promises of docs/architecture.md, each with the built command, real files, a real ledger, and receivers on
/// loopback. Invariants 7, 9 and 10 have their own suites beside this one.
struct InvariantTests {
    @Test
    func
        `invariant 1: a stage is told at most once to each receiver, whatever restarts and overlapping runs there are`()
        async throws
    {
        let audit = try RecordingReceiver()
        let site = try Site(receivers: ["audit": audit])
        try site.place("a", daysLeft: 45)
        for day: Int64 in [0, 15, 16, 30, 31, 44, 46, 60] {
            try await withThrowingTaskGroup { group in
                for _ in 0..<3 { group.addTask { try await site.scan(day: day) } }
                try await group.waitForAll()
            }
            try await site.scan(day: day)
        }
        for receiver in [site.ops, audit] {
            #expect(
                receiver.told == ["fleet/CN=a expiring 30d", "fleet/CN=a expiring 14d", "fleet/CN=a expired"])
        }
        #expect(Set(try (site.ops.messages + audit.messages).map(\.id)).count == 6)
    }

    @Test func `invariant 2: what was decided survives a crash, and the repeat carries the same message id`()
        async throws
    {
        let receiver = try RecordingReceiver { number, _ in number == 0 ? .hang : .answer(200) }
        let site = try Site(ops: receiver)
        try site.place("a", daysLeft: 10)
        let scan = try NotafterProcess(
            ["scan", "--state", site.ledger.path] + Site.at(day: 0), directory: site.directory.path)
        try await waitUntil("the message is on its way") { !receiver.requests.isEmpty }
        scan.signal(SIGKILL)
        #expect(try await scan.outcome().status == 128 + SIGKILL)
        let together = try site.ledger.count(
            """
            SELECT count(*) FROM observations o JOIN certificates c ON c.id = o.certificate_id
                JOIN notices n ON n.fingerprint = c.fingerprint
                JOIN deliveries d ON d.notice_id = n.id JOIN attempts a ON a.delivery_id = d.id
            WHERE d.state = 'sending' AND a.outcome IS NULL
            """)
        #expect(together == 1)

        #expect(try await site.scan(day: 0).status == 1, "the lease of the dead still holds")
        try site.ledger.forgetBoot()
        #expect(try await site.scan(day: 0).status == 0)
        let messages = try receiver.messages
        #expect(messages.count == 2)
        #expect(Set(messages.map(\.id)).count == 1)
        #expect(Set(messages.map(\.body)).count == 1)
        #expect(messages.last?.attempt == "2; possible-duplicate=1")
    }

    @Test
    func `invariant 3: downtime delays a notice and never loses it, and waking late tells the most urgent stage only`()
        async throws
    {
        let site = try Site()
        try site.place("a", daysLeft: 45)
        try await site.scan(day: 0)
        #expect(site.ops.requests.isEmpty)
        try await site.scan(day: 36)
        #expect(site.ops.told == ["fleet/CN=a expiring 14d"])
        #expect(try site.ops.messages.first?.missedDays == [30])
    }

    @Test func `invariant 3: a receiver that was down for weeks hears the most urgent stage once it is back`()
        async throws
    {
        let site = try Site(ops: try RecordingReceiver { _, _ in .answer(429) })
        try site.place("a", daysLeft: 29)
        for day in 0..<20 {
            // From the second day on, the receiver counts as one that accepts nothing.
            #expect(try await site.scan(day: Int64(day)).status == (day == 0 ? 1 : 2))
        }
        let refused = site.ops.requests.count
        site.ops.behave { _, _ in .answer(200) }
        #expect(try await site.scan(day: 20).status == 0)
        #expect(site.ops.told.dropFirst(refused) == ["fleet/CN=a expiring 14d"])
    }

    @Test func `invariant 4: a source that cannot be read changes nothing that is known, and its loss is told once`()
        async throws
    {
        let site = try Site()
        try site.place("a", daysLeft: 40)
        try await site.scan(day: 0)
        let pki = site.directory.path(of: "pki")
        try FileManager.default.moveItem(atPath: pki, toPath: site.directory.path(of: "elsewhere"))
        for day in 1..<6 { try await site.scan(day: Int64(day)) }
        #expect(site.ops.told == ["fleet finding"])
        let listing = try await site.run(["list", "--json"] + Site.at(day: 6))
        #expect(listing.output.contains("CN=a"))

        try await site.scan(day: 11)
        #expect(site.ops.told == ["fleet finding", "fleet/CN=a expiring 30d"])
        try FileManager.default.moveItem(atPath: site.directory.path(of: "elsewhere"), toPath: pki)
        try await site.scan(day: 12)
        #expect(site.ops.told == ["fleet finding", "fleet/CN=a expiring 30d", "fleet recovered"])
    }

    @Test func `invariant 5: a renewal is told to exactly those who were told, and cancels what is unsent`()
        async throws
    {
        let audit = try RecordingReceiver { _, _ in .answer(429) }
        let site = try Site(receivers: ["audit": audit])
        try site.place("a", daysLeft: 29)
        #expect(try await site.scan(day: 0).status == 1)
        try site.place("a", daysLeft: 400)
        #expect(try await site.scan(day: 1).status == 0)
        #expect(site.ops.told == ["fleet/CN=a expiring 30d", "fleet/CN=a renewed"])
        #expect(audit.told == ["fleet/CN=a expiring 30d"], "refused, and then no longer true")
        audit.behave { _, _ in .answer(200) }
        for day in 2..<5 { #expect(try await site.scan(day: Int64(day)).status == 0) }
        #expect(audit.requests.count == 1)
        #expect(site.ops.requests.count == 2)
        #expect(try site.ledger.count("SELECT count(*) FROM deliveries WHERE state = 'cancelled'") == 1)
    }

    @Test func `invariant 6: same inputs, same messages to the byte, wherever and whenever they are made`() async throws
    {
        let site = try Site()
        try site.place("a", daysLeft: 45)
        try site.place("b", daysLeft: 10)
        let surroundings = [
            ["TZ": "Pacific/Kiritimati", "LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8"],
            ["TZ": "America/St_Johns", "LANG": "C"],
        ]
        var heard: [[RecordingReceiver.Request]] = []
        for (index, environment) in surroundings.enumerated() {
            for day: Int64 in [0, 40] {
                _ = try await site.run(
                    ["scan", "--state", site.directory.path(of: "rehearsal-\(index).db")] + Site.at(day: day),
                    environment: environment)
            }
            heard.append(Array(site.ops.requests.dropFirst(heard.joined().count)))
        }
        #expect(heard[0].count == 3)
        let facts = heard.map {
            $0.map { [$0.text] + $0.headers.filter { $0.key.hasPrefix("webhook") }.map(\.value).sorted() }
        }
        #expect(Set(facts[0]) == Set(facts[1]))
        #expect(Set(try site.ops.messages.map(\.timestamp)) == ["1800000000", "1803456000"])
    }

    @Test(arguments: [(-1, "ok"), (0, "warning"), (16 * 86_400 - 1, "warning"), (16 * 86_400, "critical")])
    func `invariant 6: a threshold is crossed to the second of the time that is given`(second: Int64, state: String)
        async throws
    {
        let site = try Site()
        try site.place("a", daysLeft: 30)
        let outcome = try await site.run(["check", "--json", "pki"] + Site.at(day: 0, seconds: second))
        #expect(outcome.output.contains("\"state\" : \"\(state)\""), "\(outcome.output)")
    }

    @Test func `invariant 8: one bad file, endpoint or receiver never keeps the others from their turn`() async throws {
        let broken = try RecordingReceiver { _, _ in .loseAnswer }
        let gone = try RecordingReceiver()
        gone.stop()
        let site = try Site(
            receivers: ["aa-broken": broken, "zz-gone": gone],
            sections: """
                endpoints:
                  - { name: aa-nothing, failures_before_alert: 1, url: "https://127.0.0.1:\(try LoopbackPort.free())/" }
                  - { name: zz-nothing, failures_before_alert: 1, url: "https://no-such-host.invalid/" }
                """)
        try site.directory.write("-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n", to: "pki/aa.pem")
        try site.place("good", daysLeft: 10)
        try site.directory.link("pki/zz.pem", to: "nowhere")
        #expect(try await site.scan(day: 0).status == 1)
        let expected = ["fleet finding", "fleet/CN=good expiring 14d", "aa-nothing failing", "zz-nothing failing"]
        for message in expected { #expect(site.ops.told.contains(message), "\(message): \(site.ops.told)") }
        #expect(!broken.requests.isEmpty)
    }
}
