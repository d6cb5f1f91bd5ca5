import Certificates
import TestSupport
import Testing

/// `notafter silence`, and the output of other commands about silences.
struct SilenceCommandTests {
    private func site() async throws -> Site {
        let site = try Site()
        try site.place("a", daysLeft: 20)
        try site.place("b", daysLeft: 100)
        try await site.scan(day: -20)
        return site
    }

    @discardableResult
    private func silence(_ site: Site, _ arguments: [String], day: Int64 = 0) async throws -> NotafterProcess.Outcome {
        try await site.run(["silence"] + arguments + Site.at(day: day))
    }

    private let terms = ["--for", "7d", "--reason", "CHG-42: new CA", "--by", "alice"]

    @Test func `what a silence holds is told at its end, and everybody says so meanwhile`() async throws {
        let site = try await site()
        let added = try await silence(site, ["add", "registration=fleet"] + terms, day: -10)
        #expect(
            added.output == """
                silence #1 until 2027-01-12T08:00:00Z: matches 2 certificates and lists, holds 0 messages

                """)
        let scan = try await site.scan(day: -9)
        #expect(scan.status == 0, "what is held is no trouble")
        #expect(site.ops.told.isEmpty)
        let hold = "held until 2027-01-12T08:00:00Z by silence #1 (alice: CHG-42: new CA)"
        #expect(try await site.run(["deliveries"]).output.contains(hold))
        #expect(try await site.run(["explain", "CN=a"] + Site.at(day: -9)).output.contains(hold))
        let list = try await site.run(["list"] + Site.at(day: -9)).output
        #expect(list.contains("held until 2027-01-12T08:00:00Z by alice: CHG-42: new CA"))
        #expect(list.contains("(silence #1: registration=fleet; 1 message)"))
        try await site.scan(day: -3)
        #expect(site.ops.told == ["fleet/CN=a expiring 30d"])
        let over = try await silence(site, ["list"], day: -3)
        #expect(over.output == "no silence holds anything\n")
        let all = try await silence(site, ["list", "--all"], day: -3).output
        #expect(all.contains("#1  over since 2027-01-12T08:00:00Z  alice  registration=fleet  holds 0 messages"))
    }

    @Test func `a silence can be ended by hand, once`() async throws {
        let site = try await site()
        try await silence(site, ["add", "severity=warning"] + terms, day: -10)
        try await site.scan(day: -9)
        let ended = try await silence(site, ["expire", "1"], day: -8)
        #expect(ended.output == "silence #1 is over; it releases 1 message\n")
        try await site.scan(day: -8)
        #expect(site.ops.told == ["fleet/CN=a expiring 30d"])
        let again = try await silence(site, ["expire", "#1", "7"], day: -8)
        #expect(again.status == 1)
        #expect(again.errors.contains("silence #1 is over since 2027-01-07T08:00:00Z"))
        #expect(again.errors.contains("#7: there is no such silence"))
    }

    @Test func `list and JSON tell what is held`() async throws {
        let site = try await site()
        try await silence(site, ["add", "registration=fleet", "severity=warning"] + terms, day: -10)
        try await site.scan(day: -9)
        let json = try await silence(site, ["list", "--json"], day: -9).output
        #expect(json.contains("\"held_deliveries\" : 1") && json.contains("\"state\" : \"active\""))
        let deliveries = try await site.run(["deliveries", "--json"]).output
        #expect(deliveries.contains("\"held_by\" : 1"))
        #expect(deliveries.contains("\"held_until\" : \"2027-01-12T08:00:00Z\""))
    }

    @Test(
        arguments: [
            (["add", "--for", "1d", "--reason", "x"], "Missing expected argument"),
            (["add", "registration=fleet", "--for", "1d"], "--reason"),
            (["add", "registration=fleet", "--for", "1d", "--reason", " "], "must be one line"),
            (["add", "registration=fleet", "--reason", "x"], "either --for or --until"),
            (["add", "registration=fleet", "--for", "366d", "--reason", "x"], "within a year"),
            (["add", "registration=fleet", "--until", "2020-01-01T00:00:00Z", "--reason", "x"], "over already"),
            (["add", "registraton=fleet", "--for", "1d", "--reason", "x"], "nothing that a notice can be matched by"),
            (["add", "registration=fleat", "--for", "1d", "--reason", "x"], "no registration that \"fleat\""),
            (["add", "severity=bad", "--for", "1d", "--reason", "x"], "no severity"),
            (["add", "code=nothing", "--for", "1d", "--reason", "x"], "no finding has the code"),
        ])
    func `a silence has bounds`(arguments: [String], message: String) async throws {
        let site = try await site()
        let outcome = try await silence(site, arguments)
        #expect(outcome.status != 0)
        #expect(outcome.errors.contains(message))
        #expect(try await silence(site, ["list", "--all"]).output == "there was no silence\n")
    }
}
