import Certificates
import Foundation
import Testing

/// docs/findings.md agrees with the code.
struct FindingCodeTests {
    private static let page = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "docs/findings.md")
    private static let headings: [FindingCode.Concern: String] = [
        .place: "Of a place", .endpoint: "Of an endpoint", .machine: "Of the machine", .receiver: "Of a receiver",
        .certificate: "Of a certificate", .revocationList: "Of a revocation list",
    ]

    @Test(arguments: FindingCode.Concern.allCases)
    func `the documentation has each code with its severity and remedy, in order`(concern: FindingCode.Concern) throws {
        let heading = try #require(Self.headings[concern])
        let text = try String(contentsOf: Self.page, encoding: .utf8)
        let section = try #require(text.components(separatedBy: "\n## ").first { $0.hasPrefix(heading + "\n") })
        let rows = section.split(separator: "\n").filter { $0.hasPrefix("| `") }.map { row in
            row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        }
        #expect(
            rows
                == FindingCode.all(about: concern).map { ["`\($0.rawValue)`", $0.severity.rawValue, $0.remedy] })
    }
}
