import CertificateDecoding
import Certificates
import Foundation
import Testing
import Verification

/// docs/verify.md agrees with the code.
struct VerificationDocumentationTests {
    private static let repository = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The rows of the table under a heading, cell by cell.
    private func table(under heading: String) throws -> [[String]] {
        let text = try String(contentsOf: Self.repository.appending(path: "docs/verify.md"), encoding: .utf8)
        let section = try #require(text.components(separatedBy: "\n## ").first { $0.hasPrefix(heading + "\n") })
        return section.split(separator: "\n").filter { $0.hasPrefix("| `") }.map { row in
            row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        }
    }

    @Test func `the table of checks has each of them, in order`() throws {
        let expected = VerificationCheck.allCases.map { "`\($0.rawValue)`" }
        #expect(try table(under: "Checks").map { $0[0] } == expected)
    }

    @Test func `the table of profiles has each of them`() throws {
        let expected = AuthorityProfile.allCases.map { "`\($0.rawValue)`" }
        #expect(try table(under: "Profiles").map { $0[0] } == expected)
    }
}
