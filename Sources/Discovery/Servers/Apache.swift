import Certificates
import Scanning

/// Apache: a statement a line, blocks in angle brackets, names in any case. Relative paths begin at `ServerRoot`, or else at the
/// directory of the main file.
enum Apache: DirectiveSyntax {
    static func isInclude(_ directive: Directive) -> Bool {
        directive.name == "include" || directive.name == "includeoptional"
    }

    static func base(of directives: [Directive], in file: String) -> BaseDirectory {
        let beside = BaseDirectory(ofFile: file)
        let root = directives.last { $0.name == "serverroot" }?.arguments.first
        return root.map(beside.directory) ?? beside
    }

    static func parse(_ text: String, file: String) -> (directives: [Directive], defect: String?) {
        var open: [OpenBlock] = []
        var directives: [Directive] = []
        for (number, line) in ConfigurationLines.joined(text) {
            var words = ConfigurationLines.words(line)
            guard var name = words.first?.lowercased() else { continue }
            words.removeFirst()
            guard name.hasPrefix("<") else {
                directives.append(Directive(name: name, arguments: words, file: file, line: number))
                continue
            }
            name.removeFirst()
            if name.hasPrefix("/") {
                guard let block = open.popLast() else {
                    return (directives, "line \(number): a block ends that did not begin")
                }
                // `IfModule` and its like are no scopes: what they hold stands beside them.
                directives =
                    block.head.name.hasPrefix("if") ? block.before + directives : block.closed(around: directives)
            } else {
                guard open.count < deepestBlock else {
                    return (open.closed(around: directives), "line \(number): blocks are nested too deeply to be read")
                }
                let bare = String(name.prefix { $0 != ">" })
                let head = Directive(name: bare, arguments: words, file: file, line: number)
                open.append(OpenBlock(head: head, before: directives))
                directives = []
            }
        }
        return (open.closed(around: directives), open.isEmpty ? nil : "it ends within a block")
    }

    static let vocabulary = ServerVocabulary(
        uses: [
            "sslcertificatefile": .certificate, "sslcacertificatefile": .clientAuthority,
            "sslcacertificatepath": .clientAuthority, "sslcarevocationfile": .revocationList,
            "sslcarevocationpath": .revocationList, "sslproxymachinecertificatefile": .upstreamCertificate,
            "sslproxymachinecertificatepath": .upstreamCertificate,
            "sslproxycacertificatefile": .upstreamAuthority, "sslproxycacertificatepath": .upstreamAuthority,
            "sslproxycarevocationfile": .revocationList, "sslproxycarevocationpath": .revocationList,
        ],
        keys: ["sslcertificatefile": "sslcertificatekeyfile"],
        serverBlock: "virtualhost", hostnames: hostnames, speaksTLS: speaksTLS)

    /// `ServerName` may have a scheme and a port.
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
