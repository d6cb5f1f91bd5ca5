import Certificates

/// Apache: one statement in each line, blocks in angle brackets, case-insensitive names. Relative paths begin at
/// `ServerRoot` or otherwise at the directory of the main file.
enum Apache: DirectiveSyntax {
    /// Whether only Apache's configurations have lines that begin with this word, given in lower case. A main file may
    /// consist only of such lines and includes.
    static func isStatement(_ word: String) -> Bool {
        vocabulary.uses[word] != nil
            || ["serverroot", "loadmodule", "includeoptional", "servername", "documentroot", "customlog"].contains(word)
    }

    static func isInclude(_ directive: Directive) -> Bool {
        directive.name == "include" || directive.name == "includeoptional"
    }

    static func base(of directives: [Directive], beside directory: ServerDirectory) -> ServerDirectory {
        directives.last { $0.name == "serverroot" }?.arguments.first.map(directory.directory) ?? directory
    }

    static func parse(_ text: String, file: String) -> (directives: [Directive], defect: String?) {
        var tree = DirectiveTree()
        for (number, line) in ConfigurationLines.joined(text) {
            var words = ConfigurationLines.words(line)
            guard let first = words.first?.lowercased() else { continue }
            words.removeFirst()
            let name = String(first.drop { $0 == "<" }.prefix { $0 != ">" })
            let directive = Directive(name: name, arguments: words, file: file, line: number)
            if !first.hasPrefix("<") {
                tree.append(directive)
            } else if !name.hasPrefix("/") {
                guard tree.begin(directive) else {
                    return (tree.directives(), "line \(number): blocks are nested too deeply to be read")
                }
            } else if tree.innermost?.name.hasPrefix("if") == true {
                // `IfModule` and similar blocks are not scopes, so their statements move to the enclosing block.
                tree.dissolve()
            } else if !tree.end() {
                return (tree.directives(), "line \(number): a block ends that did not begin")
            }
        }
        return (tree.directives(), tree.isOpen ? "it ends within a block" : nil)
    }

    static let vocabulary = ServerVocabulary(
        uses: [
            "sslcertificatefile": .certificate, "sslcertificatechainfile": .presentedChain,
            "mdcertificatefile": .certificate, "sslcacertificatefile": .clientAuthority,
            "sslcacertificatepath": .clientAuthority, "sslcarevocationfile": .revocationList,
            "sslcarevocationpath": .revocationList, "sslproxymachinecertificatefile": .upstreamCertificate,
            "sslproxymachinecertificatepath": .upstreamCertificate,
            "sslproxymachinecertificatechainfile": .presentedChain,
            "sslproxycacertificatefile": .upstreamAuthority, "sslproxycacertificatepath": .upstreamAuthority,
            "sslproxycarevocationfile": .revocationList, "sslproxycarevocationpath": .revocationList,
        ],
        keys: ["sslcertificatefile": "sslcertificatekeyfile", "mdcertificatefile": "mdcertificatekeyfile"],
        serverBlock: "virtualhost", hostnames: hostnames, speaksTLS: speaksTLS)

    /// The hostnames of a server. `ServerName` may have a scheme and a port.
    private static func hostnames(_ server: [Directive]) -> [String] {
        let names = server.filter { $0.name == "servername" }.flatMap { $0.arguments.prefix(1) }.map { name in
            let host = name.hasPrefix("https://") ? name.dropFirst(8) : Substring(name)
            return String(host.prefix { $0 != ":" })
        }
        let aliases = server.filter { $0.name == "serveralias" }.flatMap(\.arguments)
        return (names + aliases).filter(Hostname.isValidPattern)
    }

    private static func speaksTLS(_ server: [Directive]) -> Bool {
        server.contains { $0.name == "sslengine" && ["on", "optional"].contains($0.arguments.first?.lowercased()) }
    }
}
