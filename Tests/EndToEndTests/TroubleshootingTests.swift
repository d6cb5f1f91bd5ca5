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

    /// All sources in one text, with the literals of several lines joined, and without marks of code in messages.
    private static func sources() throws -> String {
        let directory = root.appending(path: "Sources")
        let names = FileManager.default.enumerator(atPath: directory.path)
        let files = (names?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".swift") }
        let texts = try files.map { try String(contentsOf: directory.appending(path: $0), encoding: .utf8) }
        return texts.joined(separator: "\n").replacing(/\\\n\s*/, with: "").replacing("\\\"", with: "\"")
            .replacing("`", with: "")
    }

    @Test func `each message of the page is in the sources`() throws {
        let sources = try Self.sources()
        #expect(Self.parts.count > 80)
        for part in Self.parts { #expect(sources.contains(part), "\(part)") }
    }
}

/// Each message that the binary prints at error level is on the page.
@Suite struct ErrorMessageTests {
    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// What prints or throws a message for people; usage errors explain themselves.
    private static let calls = [
        "logger.error(", "logger.warning(", "logger.critical(", "StandardError.print(", "LedgerError(", "throw fail(",
    ]
    /// No errors, and remarks about a single template or file, which name their remedy.
    private static let others: Set = [
        "listening on http://127.0.0.1", "/ until Ctrl-C",
        "no signature was checked; --ca names the CAs that are trusted", "warning",
    ]

    /// The constant parts of each message. A part of a few letters or of one word is no evidence.
    static func messages() throws -> [[String]] {
        let directory = root.appending(path: "Sources")
        let names = FileManager.default.enumerator(atPath: directory.path)
        let files = (names?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".swift") }.sorted()
        return try files.flatMap { file in
            let source = try String(contentsOf: directory.appending(path: file), encoding: .utf8)
                .replacing(/\\\n\s*/, with: "")
            return calls.flatMap { call in
                source.components(separatedBy: call).dropFirst().compactMap { rest in
                    var literal = LiteralReader(rest.drop(while: \.isWhitespace))
                    let parts = literal.constantParts()
                    return parts?.filter { $0.count >= 10 && $0.contains(" ") && !others.contains($0) }
                }
            }
        }
    }

    @Test func `each message is explained`() throws {
        let page = try String(
            contentsOf: Self.root.appending(path: "docs/troubleshooting.md"), encoding: .utf8
        ).replacing("`", with: "")
        let messages = try Self.messages().filter { !$0.isEmpty }
        #expect(messages.count > 35)
        for parts in messages { #expect(parts.contains { page.contains($0) }, "\(parts)") }
    }
}

/// Reads a string literal of Swift.
private struct LiteralReader {
    private var rest: Substring

    init(_ rest: Substring) {
        self.rest = rest
    }

    /// The text between its interpolations, without marks of code; nil where no literal begins.
    mutating func constantParts() -> [String]? {
        guard rest.first == "\"" else { return nil }
        let ends = CharacterSet(charactersIn: " :;,.(\"")
        var literal = text().replacing("`", with: "")
        for prefix in ["notafter: ", "ledger: "] where literal.hasPrefix(prefix) {
            literal.removeFirst(prefix.count)
        }
        return literal.components(separatedBy: ["\0", "\n"]).map { $0.trimmingCharacters(in: ends) }
    }

    /// The text of the literal, with a null in place of each interpolation.
    private mutating func text() -> String {
        let quote = rest.hasPrefix("\"\"\"") ? "\"\"\"" : "\""
        rest = rest.dropFirst(quote.count)
        var text = ""
        while !rest.isEmpty, !rest.hasPrefix(quote) {
            if rest.hasPrefix("\\(") {
                rest = rest.dropFirst(2)
                skipInterpolation()
                text += "\0"
            } else {
                if rest.hasPrefix("\\") { rest = rest.dropFirst() }
                text.append(rest.removeFirst())
            }
        }
        rest = rest.dropFirst(quote.count)
        return text
    }

    private mutating func skipInterpolation() {
        var depth = 1
        while depth > 0, let character = rest.first {
            if character == "\"" {
                _ = text()
                continue
            }
            if character == "(" { depth += 1 }
            if character == ")" { depth -= 1 }
            rest = rest.dropFirst()
        }
    }
}
