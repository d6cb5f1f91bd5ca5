import Certificates
import Foundation
import TestSupport
import Testing

/// The exit statuses of commands, for cron, Nagios and scripts.
struct ExitStatusTests {
    /// The contents of a directory and the exit status of `check`: 2 goes before 3, 3 before 1, 1 before 0.
    @Test(arguments: [
        ("ok", 0), ("warning", 1), ("critical", 2), ("expired", 2), ("unreadable", 3), ("ok warning", 1),
        ("warning unreadable", 3), ("ok unreadable", 3), ("critical unreadable", 2),
        ("expired unreadable warning ok", 2),
    ])
    func `check ends as Nagios expects, and the worst wins`(held: String, status: Int32) async throws {
        let site = try Site()
        let daysLeft: [String: Int64] = ["ok": 31, "warning": 30, "critical": 14, "expired": -1]
        for name in held.split(separator: " ").map(String.init) {
            if let days = daysLeft[name] {
                try site.place(name, daysLeft: days)
            } else {
                try site.directory.write("-----BEGIN CERTIFICATE-----\n", to: "pki/\(name).pem")
            }
        }
        let words: [Int32: String] = [0: "OK", 1: "WARNING", 2: "CRITICAL", 3: "UNKNOWN"]
        for target in [["pki"], ["--config", "notafter.yaml"], ["pki/*.pem"]] {
            let outcome = try await site.run(["check"] + target + Site.at(day: 0))
            #expect(outcome.status == status)
            #expect(outcome.output.hasPrefix("\(words[status] ?? "") - "), "\(outcome.output)")
            let quiet = try await site.run(["check", "-q"] + target + Site.at(day: 0))
            #expect(quiet.status == status)
            #expect(quiet.output.isEmpty == (status == 0))
        }
    }

    @Test(arguments: [
        ["check"], ["check", "--no-such-option", "pki"], ["check", "nowhere.pem"], ["check", "nowhere/*.pem"],
        ["check", "pki", "--config", "notafter.yaml"], ["check", "--at", "yesterday", "pki"],
        ["check", "-w", "soon", "pki"], ["check", "--config", "nowhere.yaml"], ["check", "--config", "bad.yaml"],
    ])
    func `what check cannot do is unknown to Nagios`(arguments: [String]) async throws {
        let site = try Site()
        try site.place("ok", daysLeft: 400)
        try site.directory.write("certificates: 3\n", to: "bad.yaml")
        let outcome = try await site.run(arguments)
        #expect(outcome.status == 3, "\(outcome.output)\(outcome.errors)")
    }

    @Test(arguments: [
        ["scan", "--no-such-option"], ["scan", "--at", "2027-13-01T00:00:00Z"], ["list", "more"], ["inspect"],
        ["probe", "no-such-endpoint"], ["test-notify", "no-such-receiver"], ["config", "no-such-command"], ["no-such"],
        ["run", "--at"], ["inspect", "--no-such-option", "pki/ok.pem"],
    ])
    func `a usage error is 64 elsewhere, and says how to use it`(arguments: [String]) async throws {
        let site = try Site(sections: "endpoints: [{ name: api, url: \"https://127.0.0.1:1/\" }]")
        try site.place("ok", daysLeft: 400)
        let outcome = try await site.run(arguments)
        #expect(outcome.status == 64, "\(outcome.errors)")
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.hasPrefix("Error: "), "\(outcome.errors)")
    }

    @Test(arguments: ["scan", "run"])
    func `a made-up time goes into no ledger that was not named for it`(command: String) async throws {
        let site = try Site()
        try site.place("ok", daysLeft: 10)
        let outcome = try await NotafterProcess.run([command] + Site.at(day: 0), directory: site.directory.path)
        #expect(outcome.status == 64, "\(outcome.errors)")
        #expect(outcome.errors.contains("--state /tmp/rehearsal.db"))
        #expect(site.ops.requests.isEmpty)
        #expect(!FileManager.default.fileExists(atPath: site.ledger.path))
    }

    @Test(arguments: [[], ["--help"], ["--version"], ["help", "scan"], ["check", "--help"]])
    func `help is no error`(arguments: [String]) async throws {
        let outcome = try await NotafterProcess.run(arguments)
        #expect(outcome.status == 0)
        #expect(!outcome.output.isEmpty)
        #expect(outcome.errors.isEmpty)
    }

    @Test(arguments: [
        (200, 0), (202, 0), (204, 0), (429, 1), (500, 1), (503, 1), (302, 2), (400, 2), (401, 2), (404, 2), (410, 2),
    ])
    func `scan ends as the delivery went`(answer: Int, status: Int32) async throws {
        let site = try Site(ops: try RecordingReceiver { _, _ in .answer(answer) })
        try site.place("a", daysLeft: 10)
        let first = try await site.scan(day: 0)
        #expect(first.status == status)
        #expect(first.errors.isEmpty == (status == 0), "\(first.errors)")
        #expect(first.output.isEmpty)
        #expect(try await site.scan(day: 0).status == status, "and so it stays until it is delivered")
    }

    @Test func `scan ends with 2 from a day without a delivery on, and until the receiver takes something`()
        async throws
    {
        let site = try Site(ops: try RecordingReceiver { _, _ in .answer(429) })
        try site.place("a", daysLeft: 10)
        #expect(try await site.scan(day: 0).status == 1)
        #expect(try await site.scan(day: 0, seconds: 86_399).status == 1)
        #expect(try await site.scan(day: 9).status == 2)
        // From here on `expired` is sent, for a week.
        #expect(try await site.scan(day: 11).status == 2)
        let expired = try await site.scan(day: 19)
        #expect(expired.status == 2)
        #expect(expired.errors.contains("expired undelivered"))
        let later = try await site.scan(day: 20)
        #expect(later.status == 2, "nothing waits, and nothing shows that the next notice would arrive")
        #expect(later.errors.contains("receiver ops accepts nothing"), "\(later.errors)")
        site.ops.behave { _, _ in .answer(200) }
        try site.place("b", daysLeft: 30)
        #expect(try await site.scan(day: 20).status == 0)
    }

    @Test(arguments: [["scan"], ["run"], ["list"], ["probe"], ["test-notify"], ["config", "validate"]])
    func `an error of the configuration is 4, with its place`(command: [String]) async throws {
        let site = try Site()
        try site.directory.write("certificates: []\nrecievers: []\n", to: "notafter.yaml")
        let outcome = try await site.run(command)
        #expect(outcome.status == 4)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.contains("notafter.yaml:2:1: recievers: "), "\(outcome.errors)")
        #expect(outcome.errors.contains("did you mean \"receivers\"?"))
    }

    @Test func `config validate ends with 0, and says what it found`() async throws {
        let site = try Site()
        try site.place("good", daysLeft: 400)
        try #require(chmod(site.directory.path(of: "ops.secret"), 0o600) == 0)
        let outcome = try await site.run(["config", "validate"])
        #expect(outcome.status == 0)
        #expect(outcome.output.hasPrefix("notafter.yaml: fine\n"))
        #expect(try await site.run(["config", "validate", "-q"]).output.isEmpty)
        try site.directory.write("certificates: []\n", to: "conf.d/10.yaml")
        #expect(try await site.run(["config", "validate"]).output.hasPrefix("notafter.yaml and 1 drop-in: fine\n"))
    }

    @Test func `test-notify tells whether the message arrived`() async throws {
        let site = try Site()
        let arrived = try await site.run(["test-notify", "ops"])
        #expect(arrived.status == 0)
        #expect(arrived.output == "ops: delivered\n")
        #expect(site.ops.requests.first?.text.contains("\"type\":\"test\"") == true)
        #expect(site.ops.requests.first?.headers["webhook-signature"]?.hasPrefix("v1,") == true)
        site.ops.behave { _, _ in .answer(403) }
        let refused = try await site.run(["test-notify"])
        #expect(refused.status == 1)
        #expect(refused.errors == "ops: not delivered: HTTP 403: refused\n")
    }
}
