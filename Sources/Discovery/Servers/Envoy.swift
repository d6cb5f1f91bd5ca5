import Certificates
import Scanning

/// Envoy: YAML or JSON with a `common_tls_context` below a listener, for its clients, or below a cluster, for the
/// servers behind it. Secrets can be elsewhere in the file or in a file of their own (SDS), and so can listeners and
/// clusters.
///
/// Relative paths begin at Envoy's working directory, which is unknown. The file's directory is the best guess.
struct Envoy {
    /// Words that occur only in configurations of Envoy.
    private static let marks = [
        "common_tls_context", "commonTlsContext", "static_resources", "staticResources", "type.googleapis.com/envoy",
    ]
    /// Limits the depth, since the visit of a document is recursive.
    private static let deepestNode = 64

    static func isConfiguration(_ text: String) -> Bool {
        marks.contains { text.contains($0) }
    }

    static func read(_ file: String, into inventory: inout Inventory) {
        var reader = Envoy(inventory: inventory)
        reader.read(file, side: .downstream, namedAt: Place(file: file))
        inventory = reader.inventory
        inventory.take(reader.files.texts, bases: [])
    }

    /// The side of a TLS context: for clients of Envoy, or for servers behind it.
    private enum Side {
        case downstream
        case upstream
    }

    /// The context of a node.
    private struct Context {
        let file: String
        var side: Side
        var hostnames: [String] = []
        /// The secrets of the file, by name.
        let secrets: [String: YAMLValue]
        var depth = 0
    }

    /// Limits the visits, since nested aliases can expand to more values than the text has.
    private static let mostSteps = 200_000

    private var files: BoundedFiles
    private var inventory: Inventory
    private var remainingSteps = Self.mostSteps

    private init(inventory: Inventory) {
        self.files = BoundedFiles(in: inventory.root)
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
            file: file, side: side,
            secrets: Self.secrets(of: root.envoyField("static_resources")?.envoyField("secrets")))
        visit(root, context)
    }

    /// Reads the secret `name` of an SDS file, or its only secret if `name` is nil.
    private mutating func readSecret(_ name: String?, of file: String, _ context: Context, namedAt place: Place) {
        guard files.enter(file) else {
            return inventory.warn("\(file) names itself, or is named too deeply", at: place)
        }
        defer { files.leave() }
        guard let root = document(file, namedAt: place) else { return }
        let resources = root.envoyField("resources")
        let only = resources.flatMap { $0.elements.count == 1 ? $0.elements.first : nil }
        guard let secret = name.flatMap({ Self.secrets(of: resources)[$0] }) ?? only else {
            return inventory.warn("\(file) has no secret called \(name ?? "")", at: place)
        }
        visit(
            secret, Context(file: file, side: context.side, hostnames: context.hostnames, secrets: [:]))
    }

    private mutating func document(_ file: String, namedAt place: Place) -> YAMLValue? {
        do throws(BoundedFiles.Refusal) {
            let text = try files.text(of: file)
            guard let document = try? YAMLDocument(text) else {
                inventory.warn("\(file) is no YAML and no JSON", at: place)
                return nil
            }
            return document.root
        } catch {
            inventory.warn("\(file) \(error.clause)", at: place)
            return nil
        }
    }

    private static func secrets(of list: YAMLValue?) -> [String: YAMLValue] {
        let named = (list?.elements ?? []).compactMap { secret in
            secret.envoyField("name")?.string.map { ($0, secret) }
        }
        return Dictionary(named) { first, _ in first }
    }

    // MARK: Nodes

    private mutating func visit(_ node: YAMLValue, _ outer: Context) {
        var context = outer
        context.depth += 1
        guard context.depth <= Self.deepestNode else { return }
        guard mayVisit(node, of: context.file) else { return }
        for element in node.elements { visit(element, context) }
        let fields = node.fields
        if let type = node.envoyField("@type")?.string {
            if type.hasSuffix("DownstreamTlsContext") { context.side = .downstream }
            if type.hasSuffix("UpstreamTlsContext") { context.side = .upstream }
        }
        if let names = node.envoyField("filter_chain_match")?.envoyField("server_names")?.elements {
            context.hostnames = names.compactMap(\.string).filter(Hostname.isValidPattern)
        }
        for (key, line, value) in fields {
            let name = YAMLValue.snakeCase(key)
            visit(value, called: name, at: Place(file: context.file, line: line, subject: name), context)
        }
    }

    /// Counts a visit. Warns and returns false after too many visits.
    private mutating func mayVisit(_ value: YAMLValue, of file: String) -> Bool {
        guard remainingSteps > 0 else { return false }
        remainingSteps -= 1 + value.fieldCount
        if remainingSteps <= 0 {
            inventory.warn(
                "has more fields than are read, aliases counted as often as they are used", at: Place(file: file))
        }
        return remainingSteps > 0
    }

    private mutating func visit(_ value: YAMLValue, called name: String, at place: Place, _ outer: Context) {
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
                let file = ServerDirectory(ofFile: context.file, in: inventory.root).absolute(path)
                return read(file, side: name == "lds_config" ? .downstream : .upstream, namedAt: place)
            }
            return inventory.warn("comes from a server and is not followed", at: place)
        default: break
        }
        visit(value, context)
    }

    private mutating func addCertificate(_ certificate: YAMLValue, _ context: Context) {
        guard mayVisit(certificate, of: context.file) else { return }
        let use = context.side == .downstream ? FileUse.certificate : .upstreamCertificate
        let key = certificate.envoyField("private_key")?.envoyField("filename")?.string
        for name in ["certificate_chain", "pkcs12"] {
            guard let source = certificate.envoyField(name) else { continue }
            let place = Place(file: context.file, line: source.line, subject: name)
            add(source, as: use, key: key, at: place, context)
        }
    }

    /// Adds a file that a DataSource of Envoy names.
    private mutating func add(
        _ source: YAMLValue, as use: FileUse, key: String? = nil, at place: Place, _ context: Context
    ) {
        guard let name = source.envoyField("filename")?.string else {
            return inventory.note("stands in the configuration itself, or in the environment", at: place)
        }
        inventory.add(
            name, as: use, hostnames: context.side == .downstream ? context.hostnames : [], key: key,
            base: ServerDirectory(ofFile: context.file, in: inventory.root), at: place)
    }

    /// Follows a reference to a secret: elsewhere in the file, in a file of its own, or on a server.
    private mutating func follow(_ reference: YAMLValue, at place: Place, _ context: Context) {
        guard mayVisit(reference, of: context.file) else { return }
        let name = reference.envoyField("name")?.string
        if let source = reference.envoyField("sds_config") {
            guard let path = Self.path(ofSource: source) else {
                return inventory.warn("\(name ?? "a secret") comes from a server and is not followed", at: place)
            }
            let file = ServerDirectory(ofFile: context.file, in: inventory.root).absolute(path)
            return readSecret(name, of: file, context, namedAt: place)
        }
        guard let secret = name.flatMap({ context.secrets[$0] }) else {
            return inventory.warn("there is no secret called \(name ?? "")", at: place)
        }
        visit(secret, context)
    }

    /// The path of a config source, also in the older form.
    private static func path(ofSource source: YAMLValue) -> String? {
        source.envoyField("path_config_source")?.envoyField("path")?.string ?? source.envoyField("path")?.string
    }
}

extension YAMLValue {
    /// The value of a field by its name or by its JSON name (`trusted_ca`, `trustedCa`).
    fileprivate func envoyField(_ name: String) -> YAMLValue? {
        let fields = fields
        return (fields.first { $0.name == name } ?? fields.first { Self.snakeCase($0.name) == name })?.value
    }

    fileprivate static func snakeCase(_ name: String) -> String {
        name.reduce(into: "") { text, character in
            text += character.isUppercase ? "_" + character.lowercased() : String(character)
        }
    }
}
