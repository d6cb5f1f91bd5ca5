import Foundation
import TestSupport
import Testing

/// What the documents name exists, and what must be documented is named.
struct DocumentationTests {
    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private static let pages = ["README.md", "README.ja.md", "CONTRIBUTING.md", "SECURITY.md"] + pages(below: "docs")

    private static func pages(below directory: String) -> [String] {
        let names = FileManager.default.enumerator(atPath: root.appending(path: directory).path)
        return (names?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".md") }.map { "\(directory)/\($0)" }
    }

    private static func text(_ page: String) throws -> String {
        try String(contentsOf: root.appending(path: page), encoding: .utf8)
    }

    @Test(arguments: pages)
    func `every file of ours that a page names is there`(page: String) throws {
        let named = try Self.text(page).matches(of: /`((?:[\w.+-]+\/)+[\w.+-]*\.(?:swift|md|yaml|json|sh|py|in|1))`/)
        for path in named.map({ String($0.1) }) {
            let places = ["", "Sources/", "docs/"].map { Self.root.appending(path: $0 + path).path }
            #expect(places.contains { FileManager.default.fileExists(atPath: $0) }, "\(page) names \(path)")
        }
    }

    @Test(arguments: pages)
    func `every link to a file of ours leads somewhere`(page: String) throws {
        let directory = Self.root.appending(path: page).deletingLastPathComponent()
        for link in try Self.text(page).matches(of: /\]\(([^)#:]+)(?:#[^)]*)?\)/) {
            let target = directory.appending(path: String(link.1)).path
            #expect(FileManager.default.fileExists(atPath: target), "\(page) links to \(link.1)")
        }
    }

    @Test(arguments: pages)
    func `every link to a section of ours leads to its heading`(page: String) throws {
        let directory = Self.root.appending(path: page).deletingLastPathComponent()
        for link in try Self.text(page).matches(of: /\]\(([^)#:]*)#([^)]+)\)/) {
            let target = link.1.isEmpty ? Self.root.appending(path: page) : directory.appending(path: String(link.1))
            guard target.pathExtension == "md" else { continue }
            let anchors = Self.anchors(in: try String(contentsOf: target, encoding: .utf8))
            #expect(anchors.contains(String(link.2)), "\(page) links to \(link.1)#\(link.2)")
        }
    }

    /// The anchors that GitHub makes of the headings of a page.
    private static func anchors(in page: String) -> Set<String> {
        let headings = page.components(separatedBy: "\n").filter { $0.hasPrefix("#") }
        let anchors = headings.map { heading in
            let title = heading.drop { $0 == "#" }.trimmingCharacters(in: .whitespaces).lowercased()
            let kept = title.filter { $0.isLetter || $0.isNumber || " -_".contains($0) }
            return String(kept.map { $0 == " " ? "-" : $0 })
        }
        return Set(anchors)
    }

    @Test(arguments: pages(below: "docs").filter { !$0.hasPrefix("docs/decisions/") })
    func `every page is linked from the README`(page: String) throws {
        #expect(try Self.text("README.md").contains("](\(page))"), "README.md does not link to \(page)")
    }

    @Test(arguments: pages(below: "docs/decisions").filter { !$0.hasSuffix("README.md") })
    func `every decision is in the index`(page: String) throws {
        let name = page.split(separator: "/").last.map(String.init) ?? page
        #expect(try Self.text("docs/decisions/README.md").contains("](\(name))"), "the index lacks \(name)")
    }

    @Test func `one Swift version is named everywhere`() throws {
        let version = try Self.text(".swift-version").trimmingCharacters(in: .whitespacesAndNewlines)
        let minor = version.split(separator: ".").prefix(2).joined(separator: ".")
        for page in ["README.md", "CONTRIBUTING.md"] {
            let named = try Self.text(page).matches(of: /Swift (\d+\.\d+)/).map { String($0.1) }
            #expect(!named.isEmpty && named.allSatisfy { $0 == minor }, "\(page) names Swift \(named)")
        }
    }

    @Test func `each promise names tests that there are`() throws {
        let sources = FileManager.default.enumerator(atPath: Self.root.appending(path: "Tests").path)
        let files = Set((sources?.compactMap { $0 as? String } ?? []).compactMap { $0.split(separator: "/").last })
        let promises = try Self.text("docs/promises.md").components(separatedBy: "\n## P").dropFirst()
        #expect(promises.count == 6)
        for promise in promises {
            let suites = promise.matches(of: /`(\w+Tests)`/).map { "\($0.1).swift" }
            #expect(!suites.isEmpty, "\(promise.prefix(40))")
            for suite in suites { #expect(files.contains(Substring(suite)), "\(suite)") }
        }
    }

    @Test func `the manual names every command and option`() async throws {
        let help = try await NotafterProcess.run(["--help"]).output
        let commands = help.split(separator: "\n").drop { $0 != "SUBCOMMANDS:" }
            .compactMap { $0.firstMatch(of: #/^  ([a-z][a-z-]*) /#).map { String($0.1) } }
        #expect(commands.count >= 9)
        let manual = try Self.text("docs/man/notafter.1")
        // A word by word comparison, so that a failure does not quote the whole manual.
        let words = Set(manual.split(whereSeparator: \.isWhitespace))
        func isNamed(_ word: String) -> Bool { words.contains(Substring(word)) }
        for command in commands {
            #expect(isNamed(command), "\(command)")
            let options = try await NotafterProcess.run([command, "--help"]).output
            for option in options.matches(of: /--([a-z][a-z-]*)/) where option.1 != "help" && option.1 != "version" {
                #expect(isNamed("-\(option.1)"), "\(command) --\(option.1)")
            }
        }
    }
}
