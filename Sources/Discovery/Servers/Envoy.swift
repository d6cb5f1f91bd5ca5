import Certificates
import Scanning
import Yams

/// Envoy: YAML or JSON, in which a `common_tls_context` stands below a listener, for its clients, or below a cluster, for the
/// servers behind it. Secrets may stand elsewhere in the file or in a file of their own (SDS); listeners and clusters too.
///
/// Relative paths begin at Envoy's working directory, which we do not know; the file's directory is the best guess.
struct Envoy {
    /// Words that nobody else's configuration has.
    private static let marks = [
        "common_tls_context", "commonTlsContext", "static_resources", "staticResources", "type.googleapis.com/envoy",
    ]
    /// What goes through a document goes as deep as the document does.
    private static let deepestNode = 64

    static func isConfiguration(_ text: String) -> Bool {
        marks.contains { text.contains($0) }
    }

    static func read(_ file: String, into inventory: inout Inventory) {
        var reader = Envoy(inventory: inventory)
        reader.read(file, side: .downstream, namedAt: Place(file: file))
        inventory = reader.inventory
    }

    /// On whose behalf a TLS context is.
    private enum Side {
        case downstream
        case upstream
    }

    /// What holds where a node stands.
    private struct Context {
        let file: String
        var side: Side
        var hostnames: [String] = []
        /// The secrets of the file, by name.
        let secrets: [String: Node]
        var depth = 0
    }

    private var files = BoundedFiles()
    private var inventory: Inventory

    private init(inventory: Inventory) {
        self.inventory = inventory
    }

    // MARK: Files

    private mutating func read(_ file: String, side: Side, namedAt place: Place) {
        guard files.enter(file) else {
            return inventory.warn("\(file) names itself, or is named too deeply", at: place)
        }
        defer { files.leave() }
        guard let root = document(file, namedAt: place) else { return }
        let context = Context(
            file: file, side: side, secrets: Self.secrets(of: root.field("static_resources")?.field("secrets")))
        visit(root, context)
    }

    /// The secret called `name` of an SDS file; its only one, where it has no name.
    private mutating func readSecret(_ name: String?, of file: String, _ context: Context, namedAt place: Place) {
        guard files.enter(file) else {
            return inventory.warn("\(file) names itself, or is named too deeply", at: place)
        }
        defer { files.leave() }
        guard let root = document(file, namedAt: place) else { return }
        let resources = root.field("resources")
        let only = resources.flatMap { $0.elements.count == 1 ? $0.elements.first : nil }
        guard let secret = name.flatMap({ Self.secrets(of: resources)[$0] }) ?? only else {
            return inventory.warn("\(file) has no secret called \(name ?? "")", at: place)
        }
        visit(
            secret, Context(file: file, side: context.side, hostnames: context.hostnames, secrets: [:]))
    }

    private mutating func document(_ file: String, namedAt place: Place) -> Node? {
        do throws(BoundedFiles.Refusal) {
            let text = try files.text(of: file)
            guard !text.contains("&") || !YAMLAliases.stand(in: text) else {
                // A few nested ones can stand for more than any memory holds.
                inventory.warn("\(file) has aliases (*name), and is not read; write them out", at: place)
                return nil
            }
            // The parser's message names no file and quotes the text; that it is no YAML is all that matters here.
            guard let root = try? Yams.compose(yaml: text) else {
                inventory.warn("\(file) is no YAML and no JSON", at: place)
                return nil
            }
            return root
        } catch {
            inventory.warn("\(file) \(error.clause)", at: place)
            return nil
        }
    }

    private static func secrets(of list: Node?) -> [String: Node] {
        let named = (list?.elements ?? []).compactMap { secret in
            secret.field("name")?.string.map { ($0, secret) }
        }
        return Dictionary(named) { first, _ in first }
    }

    // MARK: Nodes

    private mutating func visit(_ node: Node, _ outer: Context) {
        var context = outer
        context.depth += 1
        guard context.depth <= Self.deepestNode else { return }
        for element in node.elements { visit(element, context) }
        guard let mapping = node.mapping else { return }
        if let type = node.field("@type")?.string {
            if type.hasSuffix("DownstreamTlsContext") { context.side = .downstream }
            if type.hasSuffix("UpstreamTlsContext") { context.side = .upstream }
        }
        if let names = node.field("filter_chain_match")?.field("server_names")?.elements {
            context.hostnames = names.compactMap(\.string).filter(Hostname.isValidPattern)
        }
        for (key, value) in mapping {
            guard let name = key.string.map(Node.snakeCase) else { continue }
            visit(value, called: name, at: Place(file: context.file, line: key.mark?.line ?? 0, subject: name), context)
        }
    }

    private mutating func visit(_ value: Node, called name: String, at place: Place, _ outer: Context) {
        var context = outer
        switch name {
        case "listeners": context.side = .downstream
        case "clusters": context.side = .upstream
        case "secrets": return
        case "tls_certificates":
            for certificate in value.elements { addCertificate(certificate, context) }
            return
        case "tls_certificate": return addCertificate(value, context)
        case "trusted_ca":
            return add(
                value, as: context.side == .downstream ? .clientAuthority : .upstreamAuthority, at: place, context)
        case "crl": return add(value, as: .revocationList, at: place, context)
        case "tls_certificate_sds_secret_configs":
            for reference in value.elements { follow(reference, at: place, context) }
            return
        case "validation_context_sds_secret_config": return follow(value, at: place, context)
        case "lds_config", "cds_config":
            if let path = Self.path(ofSource: value) {
                let file = BaseDirectory(ofFile: context.file).absolute(path)
                return read(file, side: name == "lds_config" ? .downstream : .upstream, namedAt: place)
            }
            return inventory.warn("comes from a server and is not followed", at: place)
        default: break
        }
        visit(value, context)
    }

    private mutating func addCertificate(_ certificate: Node, _ context: Context) {
        let use = context.side == .downstream ? FileUse.certificate : .upstreamCertificate
        let key = certificate.field("private_key")?.field("filename")?.string
        for name in ["certificate_chain", "pkcs12"] {
            guard let source = certificate.field(name) else { continue }
            let place = Place(file: context.file, line: source.mark?.line ?? 0, subject: name)
            add(source, as: use, key: key, at: place, context)
        }
    }

    /// A file as Envoy's DataSource names it.
    private mutating func add(_ source: Node, as use: FileUse, key: String? = nil, at place: Place, _ context: Context)
    {
        guard let name = source.field("filename")?.string else {
            return inventory.note("stands in the configuration itself, or in the environment", at: place)
        }
        inventory.add(
            name, as: use, hostnames: context.side == .downstream ? context.hostnames : [], key: key,
            base: BaseDirectory(ofFile: context.file), at: place)
    }

    /// A secret that is in another place: in the file itself, in a file of its own, or with a server.
    private mutating func follow(_ reference: Node, at place: Place, _ context: Context) {
        let name = reference.field("name")?.string
        if let source = reference.field("sds_config") {
            guard let path = Self.path(ofSource: source) else {
                return inventory.warn("\(name ?? "a secret") comes from a server and is not followed", at: place)
            }
            let file = BaseDirectory(ofFile: context.file).absolute(path)
            return readSecret(name, of: file, context, namedAt: place)
        }
        guard let secret = name.flatMap({ context.secrets[$0] }) else {
            return inventory.warn("there is no secret called \(name ?? "")", at: place)
        }
        visit(secret, context)
    }

    /// Of an older configuration too.
    private static func path(ofSource source: Node) -> String? {
        source.field("path_config_source")?.field("path")?.string ?? source.field("path")?.string
    }
}

extension Node {
    /// Of a sequence.
    fileprivate var elements: [Node] { sequence.map(Array.init) ?? [] }

    /// The value of a field, under its name or under the one that it has in JSON (`trusted_ca`, `trustedCa`).
    fileprivate func field(_ name: String) -> Node? {
        if let value = self[name] { return value }
        return mapping?.first { $0.key.string.map(Node.snakeCase) == name }?.value
    }

    fileprivate static func snakeCase(_ name: String) -> String {
        name.reduce(into: "") { text, character in
            text += character.isUppercase ? "_" + character.lowercased() : String(character)
        }
    }
}

/// YAML's references to what stands elsewhere in the document.
private enum YAMLAliases {
    /// Whether any stands in `text`, outside comment lines; a quoted one counts too.
    static func stand(in text: String) -> Bool {
        var previous: UInt8 = 0x0A
        var isComment = false
        var isAfterStar = false
        for byte in text.utf8 {
            if isAfterStar, isNameStart(byte) { return true }
            isAfterStar = false
            let isAtLineStart = previous == 0x0A || previous == 0x20 || previous == 0x09
            if byte == 0x0A {
                isComment = false
            } else if byte == UInt8(ascii: "#"), isAtLineStart {
                isComment = true
            } else if byte == UInt8(ascii: "*"), !isComment, isAtLineStart || " [{,:-".utf8.contains(previous) {
                isAfterStar = true
            }
            previous = byte
        }
        return false
    }

    private static func isNameStart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
            true
        default: false
        }
    }
}
