import Yams

/// The JSON Schema of the configuration, which the command contains: config/notafter.schema.json.
package enum ConfigurationSchema {
    /// The schema's text.
    package static var text: String { String(decoding: PackageResources.notafter_schema_json, as: UTF8.self) }

    /// The schema of the whole file. JSON is YAML, so that one reader gives the keys in their order.
    static func root() throws -> SchemaPart {
        let node = try Yams.compose(yaml: text, .basic) ?? .mapping([:])
        return SchemaPart(node, definitions: node.mapping?["definitions"]?.mapping ?? [:])
    }
}

/// The schema of one value.
struct SchemaPart {
    private let own: Node.Mapping
    private let referenced: Node.Mapping
    private let definitions: Node.Mapping
    /// The definition that it names.
    private let definition: String?

    init(_ node: Node, definitions: Node.Mapping) {
        let prefix = "#/definitions/"
        own = node.mapping ?? [:]
        definition = own["$ref"]?.scalar.map { String($0.string.dropFirst(prefix.count)) }
        referenced = definition.flatMap { definitions[Node($0)]?.mapping } ?? [:]
        self.definitions = definitions
    }

    /// Whether the value is a path, which is relative to the directory of its file.
    var isPath: Bool { definition == "path" }

    /// What holds where the value is missing.
    var defaultValue: Node? { self["default"] }

    /// The keys of a mapping with their schemas, in the schema's order.
    var properties: [(key: String, SchemaPart)] {
        let pairs = self["properties"]?.mapping.map(Array.init) ?? []
        return pairs.compactMap { key, value in
            key.scalar.map { ($0.string, SchemaPart(value, definitions: definitions)) }
        }
    }

    /// The schema of a key's value.
    func property(_ key: String) -> SchemaPart? { properties.first { $0.key == key }?.1 }

    /// The schema of a list's elements.
    var items: SchemaPart? { self["items"].map { SchemaPart($0, definitions: definitions) } }

    private subscript(key: String) -> Node? { own[Node(key)] ?? referenced[Node(key)] }
}
