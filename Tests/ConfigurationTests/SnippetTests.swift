import Configuration
import Foundation
import Testing

/// The YAML in the documents consists of valid configurations. A block for another program begins with a comment that
/// names its file, such as `# prometheus.yml`.
@Suite struct SnippetTests {
    /// One block with its place.
    struct Snippet: CustomTestStringConvertible {
        let page: String
        let text: String

        var testDescription: String { "\(page): \(text.prefix { $0 != "\n" })" }

        /// The first keys of blocks that belong below an endpoint.
        private static let endpointKeys = ["refusal:", "tls_config:", "expect:", "request:"]

        /// The block as a complete configuration: with a certificate, the receivers that its route names, and a route
        /// to its receivers.
        var configuration: String {
            var whole = self.text
            if whole.hasPrefix("- ") { whole = "receivers:\n" + whole }
            if Self.endpointKeys.contains(where: { whole.hasPrefix($0) }) {
                let indented = whole.components(separatedBy: "\n").map { "    " + $0 }.joined(separator: "\n")
                whole = "endpoints:\n  - name: example\n    url: https://api.example.com/\n" + indented
            }
            let keys = Set(whole.matches(of: /(?m)^(\w+):/).map { String($0.1) })
            if keys.isDisjoint(with: ["certificates", "revocation_lists", "endpoints"]) {
                whole += "\ncertificates: [{ name: example, role: ca, paths: [ca.pem], labels: { team: edge } }]"
            }
            if keys.contains("receivers") && !keys.contains("route") {
                whole += "\nroute: { receivers: [\(Self.firstReceiver(of: whole))] }"
            }
            if keys.contains("route") && !keys.contains("receivers") {
                whole += "\nreceivers:"
                for name in Self.namedReceivers(in: whole) {
                    whole += "\n  - { name: \(name), exec: { command: [/bin/true] } }"
                }
            }
            return whole + "\n"
        }

        private static func firstReceiver(of text: String) -> String {
            let list = text.components(separatedBy: "receivers:\n").last ?? ""
            guard let name = list.firstMatch(of: /name: ([\w-]+)/) else { return "" }
            return String(name.1)
        }

        /// The receivers that the route and the groups name, without the groups themselves.
        private static func namedReceivers(in text: String) -> [String] {
            let groups = text.matches(of: /(?m)^  ([\w-]+): \[/).map { String($0.1) }
            let lists = text.matches(of: /(?m)(?:receivers|fallback|^  [\w-]+): \[?([\w, -]+)/).map { String($0.1) }
            let names = Set(lists.flatMap { $0.components(separatedBy: ", ") })
            return names.subtracting(groups).sorted()
        }
    }

    static let pages: [String] = {
        let names = FileManager.default.enumerator(atPath: repository.appending(path: "docs").path)
        let found = (names?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".md") }.sorted()
        return ["README.md", "README.ja.md"] + found.map { "docs/\($0)" }
    }()

    static let snippets: [Snippet] = pages.flatMap { page -> [Snippet] in
        let text = (try? String(contentsOf: repository.appending(path: page), encoding: .utf8)) ?? ""
        return text.components(separatedBy: "```yaml\n").dropFirst().map { block in
            Snippet(page: page, text: block.components(separatedBy: "\n```")[0])
        }
    }.filter { !$0.text.hasPrefix("# ") || $0.text.hasPrefix("# /etc/notafter/") }

    @Test(arguments: pages.filter { $0.hasPrefix("docs/guides/") })
    func `a guide has a whole configuration`(page: String) {
        let found = Self.snippets.filter { $0.page == page }
        #expect(found.contains { $0.text.contains("state:") && $0.text.contains("receivers:") })
    }

    @Test(arguments: pages.filter { $0.hasPrefix("docs/guides/") && $0.hasSuffix(".ja.md") })
    func `a translation has the configurations of its original`(page: String) {
        let original = page.replacingOccurrences(of: ".ja.md", with: ".md")
        #expect(Self.settings(of: page) == Self.settings(of: original))
    }

    /// The lines of the snippets of a page, without comments and the language of the messages.
    private static func settings(of page: String) -> [String] {
        let lines = snippets.filter { $0.page == page }.flatMap { $0.text.components(separatedBy: "\n") }
        let bare = lines.map { $0.components(separatedBy: " #")[0].trimmingCharacters(in: .whitespaces) }
        return bare.filter { !$0.isEmpty && !$0.hasPrefix("#") && !$0.hasPrefix("language:") }
    }

    @Test(arguments: snippets)
    func `a snippet loads`(snippet: Snippet) throws {
        #expect(try Scratch().problems(of: Array(snippet.configuration.utf8)) == [])
    }
}
