import Foundation
import TestSupport
import Testing

/// The commands in the README, the documents and the manual are valid: each subcommand and option exists, and arguments
/// are given only where they are accepted.
@Suite struct DocumentedCommandTests {
    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static let pages: [String] = {
        let names = FileManager.default.enumerator(atPath: root.appending(path: "docs").path)
        let found = (names?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".md") || $0.hasSuffix(".1") }
        let above = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
        return (above.filter { $0.hasSuffix(".md") } + found.map { "docs/\($0)" }).sorted()
    }()

    @Test(arguments: pages)
    func `each command of a page exists`(page: String) async throws {
        let tree = try await CommandTree.shared.root()
        for command in try Self.commands(of: page) {
            #expect(tree.fault(of: command[...]) == nil, "notafter \(command.joined(separator: " "))")
        }
    }

    @Test(arguments: pages.filter { $0.hasSuffix(".md") })
    func `what a page lets people type is valid shell`(page: String) throws {
        let bash = try RequiredTool("bash")
        let text = try String(contentsOf: Self.root.appending(path: page), encoding: .utf8)
        for script in Self.shellScripts(in: text) {
            #expect(try bash.outcome(["-n", "-c", script]).status == 0, "\(script)")
        }
    }

    /// The blocks of a page in a shell's language; of a session, what follows its prompts.
    private static func shellScripts(in text: String) -> [String] {
        text.components(separatedBy: "```").enumerated().compactMap { index, part in
            var lines = part.components(separatedBy: "\n")
            let language = lines.removeFirst()
            guard index % 2 == 1, ["console", "sh", "bash"].contains(language) else { return nil }
            guard language == "console", lines.contains(where: { $0.hasPrefix("$ ") }) else {
                return lines.joined(separator: "\n")
            }
            var typed: [String] = []
            for line in lines {
                if line.hasPrefix("$ ") {
                    typed.append(String(line.dropFirst(2)))
                } else if let last = typed.last, last.hasSuffix("\\") {
                    typed.append(line)
                }
            }
            return typed.joined(separator: "\n")
        }
    }

    @Test func `commands are found in the pages`() throws {
        #expect(try Self.pages.map { try Self.commands(of: $0).count }.reduce(0, +) > 100)
    }

    /// The words after `notafter` of each command in the code and the running text of a page.
    private static func commands(of page: String) throws -> [[String]] {
        let text = try String(contentsOf: root.appending(path: page), encoding: .utf8)
        let lines = page.hasSuffix(".1") ? Self.lines(ofManual: text) : Self.lines(ofPage: text)
        return lines.flatMap { Self.commands(inLine: $0) }
    }

    private static func lines(ofManual text: String) -> [String] {
        text.components(separatedBy: "\n").filter { $0.hasPrefix(".Dl ") }.map { String($0.dropFirst(4)) }
    }

    private static func lines(ofPage text: String) -> [String] {
        var lines: [String] = []
        // Every second part is code.
        for (index, part) in text.components(separatedBy: "```").enumerated() {
            guard index % 2 == 1 else {
                lines += part.matches(of: /`(notafter [^`\n]+)`/).map { String($0.1) }
                continue
            }
            var code = part.components(separatedBy: "\n")
            // The first line is the language.
            guard ["", "console", "sh"].contains(code.removeFirst()) else { continue }
            let joined = code.joined(separator: "\n").replacingOccurrences(of: "\\\n", with: " ")
            code = joined.components(separatedBy: "\n")
            let prompted = code.filter { $0.hasPrefix("$ ") }
            lines += prompted.isEmpty ? code : prompted
        }
        return lines
    }

    /// The commands of one line of a shell. Text in quotes counts as one word.
    private static func commands(inLine line: String) -> [[String]] {
        let unquoted = line.replacing(/'[^']*'|"[^"]*"/, with: "QUOTED")
        let uncommented = unquoted.components(separatedBy: " #")[0]
        var found: [[String]] = []
        for segment in uncommented.components(separatedBy: CharacterSet(charactersIn: "|;&")) {
            var words = segment.components(separatedBy: " ").filter { !$0.isEmpty }[...]
            while let first = words.first {
                if ["$", "sudo", "systemd-run"].contains(first) || first.hasPrefix("--") || first.contains("=") {
                    words = words.dropFirst()
                } else if ["-u", "-p"].contains(first) {
                    words = words.dropFirst(2)
                } else {
                    break
                }
            }
            guard let name = words.first, ["notafter", "/usr/bin/notafter"].contains(name) else { continue }
            let rest = Array(words.dropFirst())
            if !rest.isEmpty { found.append(rest) }
        }
        return found
    }
}

/// The commands and options of the built command, read once.
private actor CommandTree {
    static let shared = CommandTree()

    private var known: Command?

    func root() async throws -> Command {
        if let known { return known }
        let dump = try await NotafterProcess.run(["--experimental-dump-help"]).output
        let root = try JSONDecoder().decode(Dump.self, from: Data(dump.utf8)).command
        known = root
        return root
    }

    private struct Dump: Decodable {
        let command: Command
    }
}

/// One command as `--experimental-dump-help` describes it.
private struct Command: Decodable, Sendable {
    struct Argument: Decodable, Sendable {
        struct Name: Decodable, Sendable {
            let kind: String
            let name: String
        }

        let kind: String
        let names: [Name]?
    }

    let commandName: String
    let defaultSubcommand: String?
    let subcommands: [Command]?
    let arguments: [Argument]?

    /// Why `words` are not a valid command line of this command. nil if they are.
    func fault(of words: ArraySlice<String>) -> String? {
        if let first = words.first, let child = subcommands?.first(where: { $0.commandName == first }) {
            return child.fault(of: words.dropFirst())
        }
        if let child = subcommands?.first(where: { $0.commandName == defaultSubcommand }) {
            return child.fault(of: words)
        }
        var rest = words
        while let word = rest.popFirst() {
            if word == "<" || word == ">" {
                rest = rest.dropFirst()
            } else if word.hasPrefix("-") && word.count > 1 {
                let name = word.prefix { $0 != "=" }
                guard let argument = option(String(name)) else { return "there is no option \(name)" }
                if argument.kind == "option" && !word.contains("=") { rest = rest.dropFirst() }
            } else if !(arguments ?? []).contains(where: { $0.kind == "positional" }) {
                return "\(commandName) takes no \(word)"
            }
        }
        return nil
    }

    private func option(_ word: String) -> Argument? {
        arguments?.first { argument in
            (argument.names ?? []).contains { ($0.kind == "long" ? "--" : "-") + $0.name == word }
        }
    }
}
