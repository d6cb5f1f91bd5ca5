import Certificates
import Foundation
import TestSupport
import Testing

/// `check --nagios`: the output of a monitoring plugin.
struct PluginOutputTests {
    /// Performance data by the rules of Icinga (lib/base/perfdatavalue.cpp, lib/methods/pluginutility.cpp): the text after
    /// the first "|"; labels in single quotes, in which a doubled quote stands for one; a value with a unit of letters
    /// or "%"; up to four fields after it, each a number, or a range `[@]start:end` for the first two. Labels of the
    /// guidelines' first 19 characters differ.
    private func performanceData(_ line: String) throws -> [String: [String]] {
        let halves = line.split(separator: "|", omittingEmptySubsequences: false)
        try #require(halves.count == 2, "\(line)")
        var rest = halves[1].drop { $0 == " " }
        var values: [String: [String]] = [:]
        while !rest.isEmpty {
            let match = try #require(
                rest.prefixMatch(of: /'((?:[^'=]|'')+)'=(-?[0-9]+(?:\.[0-9]+)?)([a-zA-Z%]*)((?:;[^; ]*)*)(?: +|$)/),
                "\(rest)")
            let fields = match.4.split(separator: ";", omittingEmptySubsequences: false).dropFirst().map(String.init)
            #expect(fields.count <= 4)
            for (index, field) in fields.enumerated() where !field.isEmpty {
                let number = /-?[0-9]+(?:\.[0-9]+)?/
                let range = /@?(?:~|-?[0-9.]+)?:?(?:-?[0-9.]+)?/
                #expect(
                    index < 2 ? field.wholeMatch(of: range) != nil : field.wholeMatch(of: number) != nil, "\(field)")
            }
            let label = String(match.1).replacing("''", with: "'")
            #expect(values.keys.allSatisfy { $0.prefix(19) != label.prefix(19) }, "\(label)")
            values[label] = [String(match.2)] + fields.filter { !$0.isEmpty }
            rest = rest[match.range.upperBound...]
        }
        return values
    }

    @Test(arguments: [
        ["--bogus"], ["--nagios", "--bogus"], ["--nagios"], ["--nagios", "-w", "soon", "pki"],
        ["--nagios", "--config", "nowhere.yaml"], ["--nagios", "-w", "10d", "-c", "30d", "pki"],
        ["--nagios", "--config", "notafter.yaml", "pki"],
    ])
    func `an error is UNKNOWN in the first line of stdout`(arguments: [String]) async throws {
        let outcome = try await Site().run(["check"] + arguments)
        #expect(outcome.status == 3)
        let first = try #require(outcome.output.split(separator: "\n").first.map(String.init))
        #expect(first.hasPrefix("UNKNOWN - ") && first.count > 20 && !first.contains("|"), "\(first)")
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
