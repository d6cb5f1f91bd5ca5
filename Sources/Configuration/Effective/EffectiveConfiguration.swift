import Scanning
import Yams

/// What a configuration and its drop-ins come to: one document with absolute paths, the defaults filled in, and without
/// secrets.
package struct EffectiveConfiguration {
    private let root: Node

    /// Reads the file at `path` and its drop-ins.
    ///
    /// - Throws: all problems of all files at once.
    package init(path: String) throws {
        _ = try SettingsFile.load(path: path)
        let schema = try ConfigurationSchema.root()
        var merged = Node.mapping([:])
        for document in try SettingsFile.documents(of: path) {
            let reader = PathResolution(base: document.base)
            merged = Self.merging(merged, reader.absolute(document.root, by: schema))
        }
        let completion = DefaultsCompletion(
            base: BaseDirectory(ofFile: path), language: merged.mapping?["language"]?.string)
        root = completion.completed(SecretRedaction.redacted(merged), by: schema)
    }

    /// The document in YAML.
    ///
    /// - Throws: `YamlError`, which no valid configuration causes.
    package var yaml: String {
        get throws { try Yams.serialize(node: root, width: -1, allowUnicode: true) }
    }

    /// As drop-ins are merged: mappings deeply, lists by appending.
    private static func merging(_ earlier: Node, _ later: Node) -> Node {
        switch (earlier, later) {
        case (.mapping(var mapping), .mapping(let additions)):
            for (key, value) in additions {
                mapping[key] = mapping[key].map { merging($0, value) } ?? value
            }
            return .mapping(mapping)
        case (.sequence(let list), .sequence(let additions)):
            return .sequence(Node.Sequence(Array(list) + Array(additions)))
        case (.mapping, .scalar), (.sequence, .scalar):
            return earlier
        case (_, .mapping), (_, .sequence), (_, .scalar), (_, .alias):
            return later
        }
    }
}

extension EffectiveConfiguration: Encodable {
    package func encode(to encoder: any Encoder) throws {
        try EncodableNode(node: root).encode(to: encoder)
    }
}

/// Makes the relative paths of one file absolute.
private struct PathResolution {
    let base: BaseDirectory

    func absolute(_ node: Node, by schema: SchemaPart?) -> Node {
        switch node {
        case .mapping(let mapping):
            return .plain(mapping.map { key, value in (key, absolute(value, by: schema?.property(key.string ?? ""))) })
        case .sequence(let sequence):
            return .list(sequence.map { absolute($0, by: schema?.items) })
        case .scalar(let scalar):
            guard schema?.isPath == true, !scalar.string.hasPrefix("pkcs11:") else { return node }
            return .text(base.pattern(scalar.string).text)
        case .alias:
            return node
        }
    }
}

/// Fills in what holds where a key is missing.
private struct DefaultsCompletion {
    let base: BaseDirectory
    /// Of the top level, which receivers have unless they set one; nil for the default.
    let language: String?

    /// Mappings that are there even where the file does not have them.
    private static let implied: Set = ["defaults", "request", "expect"]
    private static let probeKeys: Set = ["request", "expect"]

    func completed(_ node: Node, by schema: SchemaPart?) -> Node {
        switch node {
        case .mapping(let mapping):
            var pairs = mapping.map { key, value in
                // What other protocols expect by default is not in the schema.
                let isForeign = Self.probeKeys.contains(key.string ?? "") && !applies(key.string ?? "", in: mapping)
                return (key, isForeign ? value : completed(value, by: schema?.property(key.string ?? "")))
            }
            for (key, part) in schema?.properties ?? [] where mapping[Node(key)] == nil && applies(key, in: mapping) {
                if key == "language", let language {
                    pairs.append((.text(key), .text(language)))
                } else if let value = part.defaultValue {
                    pairs.append((.text(key), part.isPath ? .text(base.absolute(value.string ?? "")) : .value(value)))
                } else if Self.implied.contains(key) {
                    let value = completed(.plain([]), by: part)
                    if value.mapping?.isEmpty == false { pairs.append((.text(key), value)) }
                }
            }
            return .plain(pairs)
        case .sequence(let sequence):
            return .list(sequence.map { completed($0, by: schema?.items) })
        case .scalar, .alias:
            return node
        }
    }

    /// Whether a key can be set beside those of `mapping`.
    private func applies(_ key: String, in mapping: Node.Mapping) -> Bool {
        let isEntry = mapping["paths"] != nil || mapping["exec"] != nil || mapping["url"] != nil
        let isRegistration = isEntry && mapping["name"] != nil
        let isSecondProtocol = mapping["url"]?.string.map { !$0.lowercased().hasPrefix("https://") } ?? false
        return switch key {
        case "timeout": !isRegistration || mapping["exec"] != nil || mapping["url"] != nil
        case "allow_http": !isRegistration || mapping["url"] != nil
        case "request", "expect": isRegistration && !isSecondProtocol
        case "format": mapping["body"] == nil
        case "pong": false
        default: true
        }
    }
}

extension Node {
    /// A mapping in block style.
    fileprivate static func plain(_ pairs: [(Node, Node)]) -> Node {
        .mapping(Node.Mapping(pairs))
    }

    /// A list in block style.
    static func list(_ elements: [Node]) -> Node {
        .sequence(Node.Sequence(elements))
    }

    /// A text, in quotes where it would read as something else.
    fileprivate static func text(_ text: String) -> Node {
        let isPlain = ValueKind(.scalar(Scalar(text, .implicit, .plain))) == .text
        return .scalar(Scalar(text, isPlain ? .implicit : Tag(.str), isPlain ? .any : .doubleQuoted))
    }

    /// A value of the schema, whose texts are in quotes and whose numbers are not.
    fileprivate static func value(_ node: Node) -> Node {
        switch node {
        case .scalar(let scalar): scalar.style == .doubleQuoted ? text(scalar.string) : node
        case .sequence(let sequence): list(sequence.map(value))
        case .mapping(let mapping): plain(mapping.map { ($0, value($1)) })
        case .alias: node
        }
    }
}

/// A node as JSON has it.
private struct EncodableNode: Encodable {
    let node: Node

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) {
            self.stringValue = stringValue
        }

        init?(intValue: Int) { nil }
    }

    func encode(to encoder: any Encoder) throws {
        switch node {
        case .mapping(let mapping):
            var container = encoder.container(keyedBy: Key.self)
            for (key, value) in mapping {
                try container.encode(EncodableNode(node: value), forKey: Key(stringValue: key.string ?? ""))
            }
        case .sequence(let sequence):
            var container = encoder.unkeyedContainer()
            for element in sequence { try container.encode(EncodableNode(node: element)) }
        case .scalar(let scalar):
            var container = encoder.singleValueContainer()
            switch ValueKind(node) {
            case .boolean: try container.encode(Self.flags.contains(scalar.string.lowercased()))
            case .number:
                if let number = Int(scalar.string) {
                    try container.encode(number)
                } else {
                    try container.encode(scalar.string)
                }
            case .nothing: try container.encodeNil()
            case .text, .list, .mapping, .foreign: try container.encode(scalar.string)
            }
        case .alias:
            var container = encoder.singleValueContainer()
            try container.encodeNil()
        }
    }

    private static let flags: Set = ["true", "yes", "on"]
}
