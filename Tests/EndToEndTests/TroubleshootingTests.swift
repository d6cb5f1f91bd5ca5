import Foundation
import Testing

/// The messages that docs/troubleshooting.md explains are those of the code.
@Suite struct TroubleshootingTests {
    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Messages of the system and of SQLite.
    private static let foreign: Set = [
        "Permission denied", "No such file or directory", "database disk image is malformed",
        "database or disk is full",
    ]

    /// The parts of the messages in the first columns of the tables. "…" stands for what differs; a part of a few
    /// letters or of one word is no evidence.
    static let parts: [String] = {
        let page = (try? String(contentsOf: root.appending(path: "docs/troubleshooting.md"), encoding: .utf8)) ?? ""
        let rows = page.components(separatedBy: "\n").filter { $0.hasPrefix("| `") }
        let cells = rows.map { $0.components(separatedBy: " | ")[0] }
        let messages = cells.flatMap { $0.matches(of: /`([^`]+)`/).map { String($0.1) } }
        let ends = CharacterSet(charactersIn: " :")
        let all = messages.flatMap { $0.components(separatedBy: "…") }.map { $0.trimmingCharacters(in: ends) }
        return all.filter { $0.count >= 12 && $0.contains(" ") && !foreign.contains($0) }
    }()

    /// All sources in one text, with the literals of several lines joined.
    private static func sources() throws -> String {
        let directory = root.appending(path: "Sources")
        let names = FileManager.default.enumerator(atPath: directory.path)
        let files = (names?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".swift") }
        let texts = try files.map { try String(contentsOf: directory.appending(path: $0), encoding: .utf8) }
        return texts.joined(separator: "\n").replacing(/\\\n\s*/, with: "").replacing("\\\"", with: "\"")
    }

    @Test func `each message of the page is in the sources`() throws {
        let sources = try Self.sources()
        #expect(Self.parts.count > 80)
        for part in Self.parts { #expect(sources.contains(part), "\(part)") }
    }
}
