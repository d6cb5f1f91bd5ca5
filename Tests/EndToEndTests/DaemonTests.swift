import Certificates
import Foundation
import TestSupport
import Testing

/// `notafter run` as systemd uses it.
struct DaemonTests {
    private static func start(_ site: Site, environment: [String: String] = [:]) throws -> NotafterProcess {
        try NotafterProcess(["run"], environment: environment, directory: site.directory.path)
    }

    /// A certificate that is due in every run of these tests.
    private static func placeUrgent(_ name: String, in site: Site) throws {
        try site.place(name, daysLeft: -400)
    }

    @Test func `the daemon is ready, makes its first pass at once, and says what it did`() async throws {
        let site = try Site()
        try Self.placeUrgent("a", in: site)
        let systemd = try NotifySocket()
        let daemon = try Self.start(site, environment: ["NOTIFY_SOCKET": systemd.path])
        try await waitUntil("the pass is told") { systemd.messages.contains { $0.hasPrefix("STATUS=last pass ") } }
        #expect(site.ops.told == ["fleet/CN=a expired"])
        #expect(systemd.messages.first?.hasPrefix("READY=1\nSTATUS=1 source, 0 endpoints") == true)
        daemon.signal(SIGTERM)
        let outcome = try await daemon.outcome()
        #expect(outcome.status == 0)
        #expect(outcome.output.isEmpty)
        #expect(systemd.messages.contains("STOPPING=1"))
        let events = outcome.errors.split(separator: "\n")
        #expect(events.map { $0.split(separator: " ")[0] } == ["started", "pass", "stopped"], "\(outcome.errors)")
        #expect(events[1].contains("delivered=1") && events[1].contains("notices=1"))
    }

    @Test func `with a watchdog the daemon pings it, also while a receiver hangs`() async throws {
        let site = try Site(ops: try RecordingReceiver { _, _ in .hang })
        try Self.placeUrgent("a", in: site)
        let systemd = try NotifySocket()
        let daemon = try Self.start(
            site, environment: ["NOTIFY_SOCKET": systemd.path, "WATCHDOG_USEC": "200000"])
        try await waitUntil("the receiver hangs") { !site.ops.requests.isEmpty }
        let before = systemd.messages.count
        try await waitUntil("pings go on") {
            systemd.messages.dropFirst(before).count { $0 == "WATCHDOG=1" } >= 3
        }
        daemon.signal(SIGKILL)
        #expect(try await daemon.outcome().status == 128 + SIGKILL)
    }

    @Test func `an endpoint with an interval of its own is probed between two passes, and its end told`() async throws {
        let site = try Site()
        let certificate = try site.authority.issue(
            .server, commonName: "localhost", alternativeNames: [.dns("localhost")])
        let server = try await NginxServer(certificate: certificate, clientAuthority: site.authority)
        let client = try site.authority.issue(.client, commonName: "client")
        try site.directory.write(client.pem, to: "client.pem")
        try site.directory.write(client.keyPEM, to: "client.key")
        try site.directory.write(TestPKI.authority("Stranger").pem, to: "ca.pem")
        let configuration = try site.directory.read("notafter.yaml")
        try site.directory.write(
            configuration + """
                endpoints:
                  - name: api
                    url: "\(server.url())"
                    interval: 1s
                    tls_config: { ca_file: ca.pem, cert_file: client.pem, key_file: client.key }

                """, to: "notafter.yaml")
        // With a watchdog the daemon checks its outbox as often as it pings.
        let systemd = try NotifySocket()
        let daemon = try Self.start(
            site, environment: ["NOTIFY_SOCKET": systemd.path, "WATCHDOG_USEC": "400000"])
        try await waitUntil("the trouble is told") { site.ops.told.contains("api failing") }
        // The file is read again for each round.
        try site.directory.write(site.authority.pem, to: "ca.pem")
        try await waitUntil("its end is told") { site.ops.told.contains("api recovered") }
        daemon.signal(SIGTERM)
        #expect(try await daemon.outcome().status == 0)
        #expect(site.ops.told.filter { $0 == "api failing" }.count == 1)
        withExtendedLifetime(server) {}
    }

    @Test func `a file that changes between two passes is seen within seconds`() async throws {
        let site = try Site()
        try site.place("long-lived", daysLeft: 40_000)
        let systemd = try NotifySocket()
        let daemon = try Self.start(site, environment: ["NOTIFY_SOCKET": systemd.path])
        try await waitUntil("the pass is told") { systemd.messages.contains { $0.hasPrefix("STATUS=last pass ") } }
        try Self.placeUrgent("late", in: site)
        // The next pass is due in an hour.
        try await waitUntil("the new certificate is told") { site.ops.told == ["fleet/CN=late expired"] }
        try await waitUntil("it is logged") { daemon.errors.contains("files changed ") }
        daemon.signal(SIGTERM)
        #expect(try await daemon.outcome().status == 0)
        #expect(systemd.messages.count { $0.hasPrefix("STATUS=last pass ") } == 1)
    }

    @Test(arguments: [[:], ["WATCHDOG_USEC": "200000", "WATCHDOG_PID": "1"]])
    func `without a watchdog, or with another process's, no ping is sent`(environment: [String: String]) async throws {
        let site = try Site()
        try Self.placeUrgent("a", in: site)
        let systemd = try NotifySocket()
        let daemon = try Self.start(site, environment: environment.merging(["NOTIFY_SOCKET": systemd.path]) { $1 })
        try await waitUntil("the pass is told") { systemd.messages.contains { $0.hasPrefix("STATUS=last pass ") } }
        daemon.signal(SIGTERM)
        #expect(try await daemon.outcome().status == 0)
        #expect(!systemd.messages.contains("WATCHDOG=1"))
    }

    @Test func `between two passes the daemon rests`() async throws {
        let site = try Site()
        let systemd = try NotifySocket()
        // Each round of its loop pings; a tick comes every ten seconds.
        let daemon = try Self.start(
            site, environment: ["NOTIFY_SOCKET": systemd.path, "WATCHDOG_USEC": "60000000"])
        for pass in 1...3 {
            try await waitUntil("pass \(pass) is told") {
                systemd.messages.count { $0.hasPrefix("STATUS=last pass ") } == pass
            }
            daemon.signal(SIGHUP)
        }
        #expect(systemd.messages.count { $0 == "WATCHDOG=1" } < 20)
        daemon.signal(SIGTERM)
        #expect(try await daemon.outcome().status == 0)
    }

    @Test func `a service manager that does not listen holds up nothing`() async throws {
        let site = try Site()
        let deaf = try NotifySocket()
        let daemon = try Self.start(site, environment: ["NOTIFY_SOCKET": deaf.path])
        for pass in 1...10 {
            try await waitUntil("pass \(pass) is over") {
                daemon.errors.split(separator: "\n").count { $0.hasPrefix("pass ") } == pass
            }
            daemon.signal(SIGHUP)
        }
        daemon.signal(SIGTERM)
        #expect(try await daemon.outcome().status == 0)
    }

    @Test func `a reload of a broken configuration keeps the old one, and says where it is broken`() async throws {
        let heart = try RecordingReceiver()
        let site = try Site(sections: "heartbeat: { url: \"\(heart.url)\" }")
        try site.place("long-lived", daysLeft: 40_000)
        let systemd = try NotifySocket()
        let daemon = try Self.start(site, environment: ["NOTIFY_SOCKET": systemd.path])
        try await waitUntil("the first pass is over") { daemon.errors.contains("pass ") }
        let good = try String(contentsOfFile: site.directory.path(of: "notafter.yaml"), encoding: .utf8)
        try site.directory.write("certificates: []\n\nrecievers: []\n", to: "notafter.yaml")
        daemon.signal(SIGHUP)
        try await waitUntil("the error is logged") { daemon.errors.contains("not reloaded") }
        let line = try #require(daemon.errors.split(separator: "\n").first { $0.contains("not reloaded") })
        #expect(line.contains("notafter.yaml:3:1: recievers: "), "\(line)")
        try await waitUntil("the pass after it is a bad one") { heart.requests.contains { $0.path.hasSuffix("/fail") } }
        let complaint = "notafter: the configuration has errors and was not reloaded"
        #expect(heart.requests.last?.text.hasPrefix(complaint) == true)
        try await waitUntil("the status of passes says so as well") {
            systemd.messages.contains {
                $0.hasPrefix("STATUS=last pass ") && $0.contains("not reloaded") && $0.contains("notafter.yaml:3:1: ")
            }
        }
        #expect(systemd.messages.allSatisfy { $0.split(separator: "\n").allSatisfy { $0.contains("=") } })

        try Self.placeUrgent("a", in: site)
        try site.directory.write(good, to: "notafter.yaml")
        daemon.signal(SIGHUP)
        try await waitUntil("the certificate is told") { !site.ops.requests.isEmpty }
        #expect(systemd.messages.contains("RELOADING=1"))
        try await waitUntil("the heart beats again") { heart.requests.last?.path.hasSuffix("/fail") == false }
        try await waitUntil("nothing is said of the reload any more") {
            systemd.messages.last { $0.hasPrefix("STATUS=last pass ") }?.contains("not reloaded") == false
        }
        daemon.signal(SIGTERM)
        #expect(try await daemon.outcome().status == 0)
    }

    @Test func `a backup that is put back under the daemon is the ledger from then on`() async throws {
        let site = try Site()
        try site.place("long-lived", daysLeft: 40_000)
        // The watchdog makes it check its schedule ten times a second.
        let daemon = try Self.start(
            site, environment: ["NOTIFY_SOCKET": try NotifySocket().path, "WATCHDOG_USEC": "200000"])
        try await waitUntil("the first pass is over") { daemon.errors.contains("pass ") }
        try site.ledger.replace()
        #expect(
            try await site.run(["silence", "add", "registration=fleet", "--for", "1d", "--reason", "a test"]).status
                == 0)
        try Self.placeUrgent("a", in: site)
        try await waitUntil("it is opened") { daemon.errors.contains("another ledger took the place") }
        daemon.signal(SIGHUP)
        try await waitUntil("the certificate is seen") { daemon.errors.contains("notices=1") }
        #expect(site.ops.requests.isEmpty, "the silence holds it")
        #expect(try site.ledger.count("SELECT count(*) FROM deliveries WHERE held_by IS NOT NULL") == 1)
        daemon.signal(SIGTERM)
        #expect(try await daemon.outcome().status == 0)
        #expect(try site.ledger.integrity() == "ok")
    }

    @Test func `a reload lets a new receiver in`() async throws {
        let site = try Site()
        let newcomer = try RecordingReceiver()
        let daemon = try Self.start(site)
        try await waitUntil("the first pass is over") { daemon.errors.contains("pass ") }
        let old = try String(contentsOfFile: site.directory.path(of: "notafter.yaml"), encoding: .utf8)
        try site.directory.write(
            old.replacing(
                "receivers:\n", with: "receivers:\n  - { name: new, webhook: { url: \"\(newcomer.url)\" } }\n"
            )
            .replacing("receivers: [ops]", with: "receivers: [ops, new]"), to: "notafter.yaml")
        try Self.placeUrgent("a", in: site)
        daemon.signal(SIGHUP)
        try await waitUntil("both are told") { !newcomer.requests.isEmpty && !site.ops.requests.isEmpty }
        #expect(newcomer.told == ["fleet/CN=a expired"])
        #expect(newcomer.requests.first?.headers["webhook-signature"] == nil, "it has no secret")
        daemon.signal(SIGTERM)
        #expect(try await daemon.outcome().status == 0)
    }

    @Test func `what a receiver refused is sent again as soon as its secret is another`() async throws {
        let site = try Site(ops: try RecordingReceiver { _, _ in .answer(403) })
        try Self.placeUrgent("a", in: site)
        // The watchdog makes it check its schedule ten times a second.
        let daemon = try Self.start(
            site, environment: ["NOTIFY_SOCKET": try NotifySocket().path, "WATCHDOG_USEC": "200000"])
        try await waitUntil("the message is parked") { daemon.errors.contains("parked=1") }
        site.ops.behave { _, _ in .answer(200) }
        try site.directory.write("whsec_" + String(repeating: "A", count: 44) + "\n", to: "ops.secret")
        try await waitUntil("it is sent again") { site.ops.requests.count == 2 }
        daemon.signal(SIGTERM)
        #expect(try await daemon.outcome().status == 0)
        #expect(Set(try site.ops.messages.map(\.id)).count == 1)
    }

    @Test func `a reload asked for as soon as the daemon is ready does not end it`() async throws {
        let site = try Site()
        for _ in 0..<5 {
            let systemd = try NotifySocket()
            let daemon = try Self.start(site, environment: ["NOTIFY_SOCKET": systemd.path])
            while systemd.messages.isEmpty, daemon.isRunning { await Task.yield() }
            daemon.signal(SIGHUP)
            try await waitUntil("it reloads") { !daemon.isRunning || daemon.errors.contains("reloaded") }
            daemon.signal(SIGTERM)
            #expect(try await daemon.outcome().status == 0)
        }
    }

    @Test(arguments: [SIGTERM, SIGINT])
    func `a signal ends the daemon soon, also while a receiver hangs, and nothing is lost`(signal: Int32) async throws {
        let site = try Site(ops: try RecordingReceiver { _, _ in .hang })
        try Self.placeUrgent("a", in: site)
        let daemon = try Self.start(site)
        try await waitUntil("the receiver hangs") { !site.ops.requests.isEmpty }
        daemon.signal(signal)
        let outcome = try await daemon.outcome()
        #expect(outcome.status == 0)
        #expect(outcome.errors.contains("stopped"))
        // The attempt was cancelled, without waiting for its time-out.
        let calledOff = "SELECT count(*) FROM attempts WHERE outcome = 'unknown' AND detail = 'no answer: cancelled'"
        #expect(try site.ledger.count(calledOff) == 1)

        site.ops.behave { _, _ in .answer(200) }
        let later = Instant(seconds: Int64(Date().timeIntervalSince1970)) + .hours(1)
        #expect(try await site.run(["scan", "--at", "\(later)"]).status == 0)
        #expect(site.ops.told == ["fleet/CN=a expired", "fleet/CN=a expired"])
        #expect(Set(try site.ops.messages.map(\.id)).count == 1)
        #expect(try site.ops.messages.last?.attempt == "2; possible-duplicate=1")
    }
}
