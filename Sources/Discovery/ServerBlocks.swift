/// The statements of one kind of server that name files.
struct ServerVocabulary: Sendable {
    /// The use of a file, by the statement that names it.
    let uses: [String: FileUse]
    /// The statement of the private key, by the statement of its certificate.
    let keys: [String: String]
    /// The name of the block of a virtual server.
    let serverBlock: String
    /// The valid hostnames of a virtual server.
    let hostnames: @Sendable ([Directive]) -> [String]
    /// Whether a virtual server uses TLS, and so the statements that it inherits.
    let speaksTLS: @Sendable ([Directive]) -> Bool
}

/// Visits the blocks of a configuration. A statement also applies in nested blocks, unless a nested block has the same
/// statement, which replaces it.
struct ServerBlocks {
    let vocabulary: ServerVocabulary
    let base: ServerDirectory
    var inventory: Inventory

    /// The statements that apply in a block and name files, by their names.
    private typealias Standing = [String: [Directive]]

    mutating func visit(_ directives: [Directive]) {
        visit(directives, inheriting: [:], hostnames: [])
    }

    private mutating func visit(_ block: [Directive], inheriting outer: Standing, hostnames: [String]) {
        let keyNames = Set(vocabulary.keys.values)
        let own = Dictionary(
            grouping: block.filter { vocabulary.uses[$0.name] != nil || keyNames.contains($0.name) }, by: \.name)
        let standing = outer.merging(own) { $1 }
        for name in own.keys.sorted() { add(name, of: standing, hostnames: hostnames) }
        for directive in block {
            guard let inner = directive.block else { continue }
            guard directive.name == vocabulary.serverBlock else {
                visit(inner, inheriting: standing, hostnames: hostnames)
                continue
            }
            let names = vocabulary.hostnames(inner)
            if vocabulary.speaksTLS(inner) {
                for name in standing.keys.sorted() where !inner.contains(where: { $0.name == name }) {
                    add(name, of: standing, hostnames: names)
                }
            }
            visit(inner, inheriting: standing, hostnames: names)
        }
    }

    /// Registers the files of the statements called `name`, for a server with these hostnames.
    private mutating func add(_ name: String, of standing: Standing, hostnames: [String]) {
        guard let use = vocabulary.uses[name] else { return }
        let keys = vocabulary.keys[name].flatMap { standing[$0] } ?? []
        for (index, directive) in (standing[name] ?? []).enumerated() {
            guard let argument = directive.arguments.first else { continue }
            let key = keys.indices.contains(index) ? keys[index].arguments.first : nil
            inventory.add(argument, as: use, hostnames: hostnames, key: key, base: base, at: directive.place)
        }
    }
}
