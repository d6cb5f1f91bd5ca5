import Certificates
import Foundation
import TestSupport
import Testing

/// `check --nagios`: the output of a monitoring plugin.
struct PluginOutputTests {
    /// Performance data as Icinga reads it: 'label'=value[UOM];[warn];[crit];[min];[max].
    private func performanceData(_ line: String) throws -> [String: [String]] {
        let data = try #require(line.split(separator: "|", maxSplits: 1).last)
        var rest = data.drop { $0 == " " }
        var values: [String: [String]] = [:]
        while !rest.isEmpty {
            let match = try #require(
                rest.prefixMatch(of: /'([^'=]{1,19})'=(-?[0-9.]+)((?:;[-0-9.:@~]*){0,4})(?: |$)/), "\(rest)")
            values[String(match.1)] = [String(match.2)] + match.3.split(separator: ";").map(String.init)
            rest = rest[match.range.upperBound...]
        }
        return values
    }

    @Test func `line one names the worst certificate first, and has performance data`() async throws {
        let site = try Site()
        for (name, daysLeft) in [("fine", 300), ("soon", 20), ("gone", -2)] as [(String, Int64)] {
            try site.place(name, daysLeft: daysLeft)
        }
        let outcome = try await site.run(["check", "--nagios", "-w", "40d", "-c", "10d", "pki"] + Site.at(day: 0))
        #expect(outcome.status == 2)
        let first = try #require(outcome.output.split(separator: "\n").first.map(String.init))
        #expect(
            first.hasPrefix("CRITICAL - CN=gone 2 days ago, 2027-01-13, at pki/gone.pem; 3 certificates: "), "\(first)")
        let data = try performanceData(first)
        #expect(data["days_left"] == ["-2", "40:", "10:"])
        #expect(
            data["ok"] == ["1", "0"] && data["expired"] == ["1", "0"] && data["unreadable"] == ["0", "0"], "\(data)")
    }

    @Test func `when all is well there is the summary alone`() async throws {
        let site = try Site()
        try site.place("fine", daysLeft: 300)
        for target in [["pki"], ["--config", "notafter.yaml"]] {
            let outcome = try await site.run(["check", "--nagios"] + target + Site.at(day: 0))
            #expect(outcome.status == 0)
            let first = try #require(outcome.output.split(separator: "\n").first.map(String.init))
            #expect(first.hasPrefix("OK - 1 certificate: 1 ok | 'days_left'=300;"), "\(first)")
        }
    }
}
