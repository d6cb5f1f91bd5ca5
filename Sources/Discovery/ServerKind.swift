/// The kinds of servers and clients whose configurations can be read.
package enum ServerKind: String, CaseIterable, Sendable {
    case nginx
    case apache
    case haproxy
    case postgresql
    case kubeconfig
    case envoy

    /// The places of the main file in distributions, as patterns.
    var wellKnownFiles: [String] {
        switch self {
        case .nginx: ["/etc/nginx/nginx.conf", "/usr/local/nginx/conf/nginx.conf"]
        case .apache: ["/etc/apache2/apache2.conf", "/etc/httpd/conf/httpd.conf"]
        case .haproxy: ["/etc/haproxy/haproxy.cfg"]
        case .postgresql: ["/etc/postgresql/*/*/postgresql.conf", "/var/lib/pgsql/data/postgresql.conf"]
        case .kubeconfig: Kubeconfig.wellKnownFiles
        case .envoy: ["/etc/envoy/*.yaml", "/etc/envoy/*.yml", "/etc/envoy/*.json"]
        }
    }

    /// The kind of server to which the configuration `text` belongs, by its words and line endings. The majority of
    /// lines decides.
    init?(of text: String) {
        // Checked first, because lines of JSON end like those of nginx.
        if Envoy.isConfiguration(text) {
            self = .envoy
            return
        }
        if Kubeconfig.isJSON(text) {
            self = .kubeconfig
            return
        }
        var votes: [ServerKind: Int] = [:]
        for line in text.split(whereSeparator: \.isNewline).prefix(20_000) {
            let words = line.split(whereSeparator: { " \t=".contains($0) })
            guard let first = words.first, !first.hasPrefix("#") else { continue }
            if let kind = Self.kind(ofLine: line, first: String(first)) { votes[kind, default: 0] += 1 }
        }
        // On a tie, the order of the cases decides.
        guard let most = votes.values.max(), let kind = Self.allCases.first(where: { votes[$0] == most }) else {
            return nil
        }
        self = kind
    }

    private static func kind(ofLine line: Substring, first: String) -> ServerKind? {
        let end = line.last { !$0.isWhitespace }
        if end == ";" || end == "{" || end == "}" && line.contains(";") { return .nginx }
        if first.hasPrefix("<") || Apache.isStatement(first.lowercased()) { return .apache }
        if ["global", "defaults", "frontend", "backend", "listen", "bind", "peers", "crt-store"].contains(first) {
            return .haproxy
        }
        if PostgreSQL.isSetting(first) { return .postgresql }
        if Kubeconfig.isKey(first) { return .kubeconfig }
        return nil
    }

    /// Adds the certificates that `file` and its includes name to `inventory`.
    func read(_ file: String, into inventory: inout Inventory) {
        switch self {
        case .nginx: Self.readBlocks(of: file, Nginx.self, Nginx.vocabulary, into: &inventory)
        case .apache: Self.readBlocks(of: file, Apache.self, Apache.vocabulary, into: &inventory)
        case .haproxy: HAProxy.read(file, into: &inventory)
        case .postgresql: PostgreSQL.read(file, into: &inventory)
        case .kubeconfig: Kubeconfig.read(file, into: &inventory)
        case .envoy: Envoy.read(file, into: &inventory)
        }
    }

    private static func readBlocks<Syntax: DirectiveSyntax>(
        of file: String, _ syntax: Syntax.Type, _ vocabulary: ServerVocabulary, into inventory: inout Inventory
    ) {
        var reader = DirectiveReader<Syntax>(file: file, inventory: inventory)
        let directives = reader.read(file)
        var blocks = ServerBlocks(vocabulary: vocabulary, base: reader.base, inventory: reader.inventory)
        blocks.visit(directives)
        inventory = blocks.inventory
    }
}
