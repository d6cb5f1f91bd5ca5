import Certificates
import Foundation
import TestSupport
import Testing

/// `notafter forecast`: the future notices with their receivers and times.
struct ForecastCommandTests {
    private struct Forecast: Decodable {
        struct Notice: Decodable {
            struct Audience: Decodable {
                let name: String
                let message_id: String
            }

            let at: String
            let type: String
            let stage: String?
            let registration: String
            let subject: String?
            let waiting: String?
            let receivers: [Audience]
        }

        let from: String
        let until: String
        let assumption: String
        let notices: [Notice]
    }

    private func forecast(_ site: Site, day: Int64, _ further: [String] = []) async throws -> Forecast {
        let outcome = try await site.run(["forecast", "--json"] + Site.at(day: day) + further)
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
        return try JSONDecoder().decode(Forecast.self, from: Data(outcome.output.utf8))
    }

    @Test func `a forecast names each notice, its time and those who hear of it, and changes nothing`() async throws {
        let site = try Site(receivers: ["team": try RecordingReceiver()])
        try site.place("a", daysLeft: 40)
        try site.place("b", daysLeft: 100)
        try await site.scan(day: 0)
        let before = try Data(contentsOf: URL(fileURLWithPath: site.ledger.path))
        let forecast = try await forecast(site, day: 0)
        #expect(forecast.from == "2027-01-15T08:00:00Z" && forecast.until == "2027-04-15T08:00:00Z")
        #expect(forecast.assumption.contains("nothing is renewed"))
        #expect(
            forecast.notices.map { "\($0.at) \($0.subject ?? "-") \($0.stage ?? "-")" } == [
                "2027-01-25T08:00:00Z CN=a 30d", "2027-02-10T08:00:00Z CN=a 14d", "2027-02-24T09:00:00Z CN=a expired",
                "2027-03-26T08:00:00Z CN=b 30d", "2027-04-11T08:00:00Z CN=b 14d",
            ])
        for notice in forecast.notices {
            #expect(notice.receivers.map(\.name) == ["ops", "team"] && notice.waiting == nil)
        }
        let table = try await site.run(["forecast"] + Site.at(day: 0)).output.split(separator: "\n").map(String.init)
        #expect(table.count == 6)
        #expect(table[0].hasPrefix("2027-04-11T08:00:00Z  in 86 days"))
        #expect(table[4].hasPrefix("2027-01-25T08:00:00Z  in 10 days") && table[4].hasSuffix("to ops, team"))
        #expect(table[5].hasPrefix("5 notices within 90 days, provided that nothing is renewed"))
        #expect(try Data(contentsOf: URL(fileURLWithPath: site.ledger.path)) == before, "the ledger is only read")
        #expect(try site.ledger.bytes().count - before.count <= 32_768, "but for SQLite's index of an empty log")
        #expect(site.ops.requests.isEmpty)

        try await site.scan(day: 10)
        let message = try #require(try site.ops.messages.first)
        #expect(message.id == forecast.notices[0].receivers.first { $0.name == "ops" }?.message_id)
    }

    @Test func `what waits in the outbox is foreseen for when it is next tried`() async throws {
        let refusing = try RecordingReceiver { _, _ in .answer(400) }
        let site = try Site(ops: refusing)
        try site.place("a", daysLeft: 20)
        try await site.scan(day: 0)
        let forecast = try await forecast(site, day: 0, ["--days", "1"])
        #expect(forecast.notices.map(\.at) == ["2027-01-15T20:00:00Z"])
        #expect(forecast.notices.map(\.waiting) == ["parked"])
    }

    @Test func `what verification will say as time goes by is foreseen, and comes true`() async throws {
        let site = try Site()
        try site.directory.write(site.authority.pem, to: "ca.pem")
        let certificate = try site.certificate("a", daysLeft: 4_000)
        try site.directory.write(certificate.pem, to: "pki/a.pem")
        try site.directory.write(
            try site.authority.revocationList(
                revoking: [], thisUpdate: Site.start - .days(1), nextUpdate: Site.start + .days(9)), to: "ca.crl")
        try site.directory.write(
            """
            certificates:
              - { name: site-ca, role: ca, paths: [ca.pem] }
              - { name: fleet, role: client, paths: [pki], issuer: site-ca, checks_revocation: true }
            revocation_lists:
              - { name: site-crl, paths: [ca.crl], issuer: site-ca }
            receivers:
              - { name: ops, webhook: { url: "\(site.ops.url)" } }
            route: { receivers: [ops] }

            """, to: "notafter.yaml")
        try await site.scan(day: 0)
        let foreseen = try await forecast(site, day: 0, ["--days", "12"]).notices
        let stale = try #require(foreseen.first { $0.type == "registration.finding" }, "\(foreseen)")
        #expect(stale.at == "2027-01-24T09:00:00Z" && stale.registration == "fleet")
        let before = site.ops.requests.count
        for hour in stride(from: Int64(1), through: 12 * 24, by: 1) where (hour - 1) % 12 == 0 || hour / 24 >= 8 {
            try await site.scan(day: 0, seconds: hour * 3_600)
        }
        let told = site.ops.requests[before...].compactMap { $0.headers["webhook-id"] }
        #expect(told.sorted() == foreseen.flatMap { $0.receivers.map(\.message_id) }.sorted())
    }

    @Test func `without a receiver, nobody is foreseen to be told`() async throws {
        let site = try Site()
        try site.place("a", daysLeft: 20)
        try await site.scan(day: 0)
        try site.directory.write(
            "certificates: [{ name: fleet, role: client, paths: [pki] }]\n", to: "silent.yaml")
        let outcome = try await site.run(
            ["forecast", "--config", "silent.yaml", "--state", site.ledger.path] + Site.at(day: 0))
        #expect(outcome.output.contains("to no receiver"), "\(outcome.output)\(outcome.errors)")
    }

    @Test func `the calendar is one that others can read, whatever certificates are called`() async throws {
        let site = try Site()
        let hostile = "a,b;c\\\u{1B}\r\nEND:VCALENDAR\u{202E}証明書\(String(repeating: "é", count: 60))"
        let certificate = try site.certificate(hostile, daysLeft: 40)
        try site.directory.write(certificate.pem, to: "pki/hostile.pem")
        try await site.scan(day: 0)
        let outcome = try await site.run(["forecast", "--ics"] + Site.at(day: 0))
        #expect(outcome.status == 0 && outcome.errors.isEmpty)
        let calendar = Array(outcome.output.utf8)
        for line in calendar.split(separator: UInt8(ascii: "\r")) {
            #expect(line.count <= 76, "75 octets, and the line feed before them")
        }
        #expect(calendar.count { $0 == 13 } == calendar.count { $0 == 10 }, "lines end with CR and LF")
        try site.directory.write(outcome.output, to: "forecast.ics")
        let events = try Self.events(site.directory.path(of: "forecast.ics"))
        #expect(events.map { $0["start"] } == ["2027-01-25T08:00:00Z", "2027-02-10T08:00:00Z", "2027-02-24T09:00:00Z"])
        #expect(Set(events.map { $0["uid"] }).count == 3)
        #expect(events[0]["summary"]?.contains("a,b;c\\\\1B\\0D\\0AEND:VCALENDAR\\u{202E}証明書") == true)
        #expect(events[0]["description"]?.contains("Receivers: ops at 2027-01-25T08:00:00Z.") == true)
        let later = try await site.run(["forecast", "--ics", "--days", "30"] + Site.at(day: 9))
        try site.directory.write(later.output, to: "later.ics")
        let again = try Self.events(site.directory.path(of: "later.ics"))
        #expect(again.map { $0["uid"] } == events.prefix(2).map { $0["uid"] }, "an event keeps its UID")
    }

    private static func events(_ path: String) throws -> [[String: String]] {
        let script = """
            import icalendar, json, sys
            calendar = icalendar.Calendar.from_ical(open(sys.argv[1], "rb").read())
            assert calendar["VERSION"] == "2.0" and calendar["PRODID"]
            print(json.dumps([
                {"uid": str(e["UID"]), "summary": str(e["SUMMARY"]), "description": str(e["DESCRIPTION"]),
                 "start": e["DTSTART"].dt.strftime("%Y-%m-%dT%H:%M:%SZ"), "stamp": str(e["DTSTAMP"].dt)}
                for e in calendar.walk("VEVENT")]))
            """
        let output = try RequiredTool.debianPython.output(["-c", script, path])
        return try JSONDecoder().decode([[String: String]].self, from: Data(output))
    }

    @Test func `a ledger that is missing, empty or damaged is said to be so`() async throws {
        let site = try Site()
        let missing = try await site.run(["forecast"])
        #expect(missing.status == 3 && missing.errors.contains("notafter scan"), "\(missing.errors)")
        try site.directory.write("", to: "notafter.db")
        let empty = try await site.run(["forecast"])
        #expect(empty.status == 3 && empty.errors.contains("run `notafter scan` first"), "\(empty.errors)")
        #expect(try site.ledger.bytes().isEmpty)
        try site.directory.write(String(repeating: "no ledger ", count: 1_000), to: "notafter.db")
        let foreign = try await site.run(["forecast"])
        #expect(foreign.status == 3 && foreign.errors.contains("is damaged"), "\(foreign.errors)")
    }

    @Test func `a damaged page is found, and not left out`() async throws {
        let site = try Site()
        for number in 0..<40 { try site.place("c\(number)", daysLeft: 40) }
        try await site.scan(day: 0)
        let path = site.ledger.path
        var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        try #require(bytes.count > 20 * 4_096)
        for offset in 8 * 4_096..<12 * 4_096 { bytes[offset] ^= 0x5A }
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        let outcome = try await site.run(["forecast"] + Site.at(day: 0))
        #expect(outcome.status == 3 && outcome.errors.contains("is damaged"), "\(outcome.errors)")
    }

    @Test(arguments: [["--days", "0"], ["--days", "x"], ["--ics", "--json"]])
    func `what cannot be meant is refused`(arguments: [String]) async throws {
        let site = try Site()
        #expect(try await site.run(["forecast"] + arguments).status == 64)
    }
}
