import Certificates

/// nginx: `nginx.conf` and its includes. Relative paths begin at the directory of the main file.
enum Nginx: DirectiveSyntax {
    static func isInclude(_ directive: Directive) -> Bool {
        directive.name == "include" && directive.block == nil
    }

    static func base(of directives: [Directive], beside directory: ServerDirectory) -> ServerDirectory {
        directory
    }

    static func parse(_ text: String, file: String) -> (directives: [Directive], defect: String?) {
        var tokenizer = NginxTokenizer(text)
        var tree = DirectiveTree()
        var words: [NginxTokenizer.Token] = []
        while let token = tokenizer.next() {
            switch token.kind {
            case .word: words.append(token)
            case .end, .open:
                guard let first = words.first else { continue }
                let directive = Directive(
                    name: first.text, arguments: words.dropFirst().map(\.text), file: file, line: first.line)
                words = []
                if token.kind == .end {
                    tree.append(directive)
                } else if !tree.begin(directive) {
                    return (tree.directives(), "line \(token.line): blocks are nested too deeply to be read")
                }
            case .close:
                words = []
                guard tree.end() else { return (tree.directives(), "line \(token.line): an unexpected }") }
            }
        }
        let isCut = tree.isOpen || !words.isEmpty
        return (tree.directives(), isCut ? "it ends within a statement or a block" : nil)
    }

    static let vocabulary = ServerVocabulary(
        uses: [
            "ssl_certificate": .certificate, "ssl_client_certificate": .clientAuthority,
            "ssl_trusted_certificate": .clientAuthority, "ssl_crl": .revocationList,
            "proxy_ssl_certificate": .upstreamCertificate, "proxy_ssl_trusted_certificate": .upstreamAuthority,
            "proxy_ssl_crl": .revocationList,
            "grpc_ssl_certificate": .upstreamCertificate, "grpc_ssl_trusted_certificate": .upstreamAuthority,
            "grpc_ssl_crl": .revocationList,
            "uwsgi_ssl_certificate": .upstreamCertificate, "uwsgi_ssl_trusted_certificate": .upstreamAuthority,
            "uwsgi_ssl_crl": .revocationList,
        ],
        keys: [
            "ssl_certificate": "ssl_certificate_key", "proxy_ssl_certificate": "proxy_ssl_certificate_key",
            "grpc_ssl_certificate": "grpc_ssl_certificate_key", "uwsgi_ssl_certificate": "uwsgi_ssl_certificate_key",
        ],
        serverBlock: "server", hostnames: hostnames, speaksTLS: speaksTLS)

    /// The hostnames of a server, without regular expressions, variables, and names such as `_` that match nothing.
    private static func hostnames(_ server: [Directive]) -> [String] {
        server.filter { $0.name == "server_name" }.flatMap(\.arguments).flatMap { name in
            // `.example.com` means `example.com` and `*.example.com`.
            name.hasPrefix(".") ? [String(name.dropFirst()), "*" + name] : [name]
        }
        .filter { Hostname.isValidPattern($0) && $0 != "_" }
    }

    private static func speaksTLS(_ server: [Directive]) -> Bool {
        server.contains { directive in
            switch directive.name {
            case "listen": directive.arguments.contains { $0 == "ssl" || $0 == "quic" }
            case "ssl": directive.arguments == ["on"]
            default: false
            }
        }
    }
}

/// Splits nginx's configuration into words and signs, as `ngx_conf_read_token` does: quotes and comments begin only
/// where a word could begin, and a backslash escapes the next character.
struct NginxTokenizer {
    enum Kind {
        case word
        /// `;`
        case end
        /// `{`
        case open
        /// `}`
        case close
    }

    struct Token {
        let kind: Kind
        var text = ""
        let line: Int
    }

    private let bytes: [UInt8]
    private var index = 0
    private var line = 1

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    mutating func next() -> Token? {
        skipBlanksAndComments()
        guard index < bytes.count else { return nil }
        let start = line
        switch bytes[index] {
        case UInt8(ascii: ";"): return sign(.end)
        case UInt8(ascii: "{"): return sign(.open)
        case UInt8(ascii: "}"): return sign(.close)
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            let quote = bytes[index]
            index += 1
            let text = word { $0 == quote }
            index += 1
            return Token(kind: .word, text: text, line: start)
        default:
            return Token(kind: .word, text: word { " \t\r\n;{".utf8.contains($0) }, line: start)
        }
    }

    private mutating func sign(_ kind: Kind) -> Token {
        index += 1
        return Token(kind: kind, line: line)
    }

    private mutating func skipBlanksAndComments() {
        var isComment = false
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\n"):
                line += 1
                isComment = false
            case UInt8(ascii: "#"): isComment = true
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): break
            default: if !isComment { return }
            }
            index += 1
        }
    }

    /// Reads a word up to the sign that ends it. `${` does not open a block.
    private mutating func word(endsAt isEnd: (UInt8) -> Bool) -> String {
        var text: [UInt8] = []
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\n") { line += 1 }
            if byte == UInt8(ascii: "\\"), index + 1 < bytes.count {
                index += 1
                text += Self.escaped(bytes[index])
            } else if byte == UInt8(ascii: "{"), text.last == UInt8(ascii: "$") {
                text.append(byte)
            } else if isEnd(byte) {
                break
            } else {
                text.append(byte)
            }
            index += 1
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes for a backslash and `byte`. The backslash stays, except before a quote, a backslash, or the letter of
    /// a control character.
    private static func escaped(_ byte: UInt8) -> [UInt8] {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "\\"): [byte]
        case UInt8(ascii: "t"): [UInt8(ascii: "\t")]
        case UInt8(ascii: "r"): [UInt8(ascii: "\r")]
        case UInt8(ascii: "n"): [UInt8(ascii: "\n")]
        default: [UInt8(ascii: "\\"), byte]
        }
    }
}
