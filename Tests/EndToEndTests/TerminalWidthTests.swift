import Certificates
import Foundation
import TestSupport
import Testing

/// Listings fit a terminal, also with names of wide characters.
struct TerminalWidthTests {
    private static let names = [
        "CN=short": ("short", ""), "CN=計測器": ("計測器", ""), "a": ("e\u{301}tude", "Example"),
        "b": ("インターネット認証局第一号東日本配信センター", "日本例示株式会社"),
        "c": ("a-rather-long-name-of-a-device-in-the-third-hall.example.com", "Example GmbH"), "d": ("😀 face", ""),
    ]

    private func site() throws -> Site {
        let site = try Site()
        for (index, (name, organisation)) in Self.names.values.enumerated() {
            var template = CertificateTemplate(.client, commonName: name)
            if !organisation.isEmpty { template.subject.append([.organization(organisation)]) }
            template.notAfter = .at(Site.start + .days(Int64(index)))
            try site.directory.write(
                try site.authority.issue(template).pem, to: "pki/a-directory/with-a-long-name/of-its-own/\(index).pem")
        }
        return site
    }

    private func lines(
        _ arguments: [String], columns: Int, of site: Site
    ) async throws -> [(width: Int, text: String)] {
        let outcome = try await site.run(
            arguments + Site.at(day: 0), environment: ["TERM": "xterm"],
            wrapper: PseudoTerminal(columns: columns, transcript: .lines).wrapper)
        return outcome.output.split(separator: "\n").compactMap { line in
            let parts = line.split(separator: " ", maxSplits: 1)
            return Int(parts[0]).map { ($0, parts.count > 1 ? String(parts[1]) : "") }
        }
    }

    @Test(arguments: [80, 120, 200])
    func `every row fits, and columns are aligned by their width`(columns: Int) async throws {
        let site = try site()
        let rows = try await lines(["check", "pki"], columns: columns, of: site).filter { $0.text.contains("leaf") }
        #expect(rows.count == Self.names.count)
        #expect(rows.allSatisfy { $0.width <= columns }, "\(rows)")
        // What precedes the date takes equally many columns in each row.
        let dates = try rows.map { row in
            let start = try #require(row.text.firstRange(of: "2027-01-")).lowerBound
            return row.text[..<start].unicodeScalars.reduce(0) { width, scalar in
                let isWide = ("\u{3000}"..."\u{9FFF}").contains(scalar) || scalar.value > 0xFFFF
                return width + (scalar == "\u{301}" ? 0 : isWide ? 2 : 1)
            }
        }
        #expect(Set(dates).count == 1, "\(dates) \(rows)")
        if columns == 80 {
            #expect(rows.contains { $0.text.contains("…") && $0.text.contains("/0.pem") }, "\(rows)")
        }
    }

    @Test func `--wide and JSON shorten nothing`() async throws {
        let site = try site()
        let wide = try await lines(["check", "--wide", "pki"], columns: 80, of: site).map(\.text)
        #expect(!wide.contains { $0.contains("…") }, "\(wide)")
        #expect(wide.contains { $0.contains("a-rather-long-name-of-a-device-in-the-third-hall.example.com") })
        let json = try await site.run(["check", "--json", "pki"] + Site.at(day: 0))
        #expect(json.output.contains("a-rather-long-name-of-a-device-in-the-third-hall.example.com"))
    }
}
