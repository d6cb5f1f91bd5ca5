import Yams

/// An untrusted YAML or JSON document. An alias (`*name`) is resolved when it is read and not expanded beforehand,
/// since a few nested aliases can expand to more than any memory holds. So the tree is only as large as the text, but a
/// reader that visits all of it must limit its steps.
struct YAMLDocument {
    /// The text is neither YAML nor JSON. The parser's own message quotes the text and names no file.
    struct NotYAML: Error {}

    private let tree: Node
    /// The nodes that aliases refer to, by name.
    private let anchored: [String: Node]

    init(_ text: String) throws(NotYAML) {
        // The anchors of nodes are valid only as long as the parser.
        guard let parser = try? Parser(yaml: Self.withMarkedAliases(text)), let tree = try? parser.singleRoot() else {
            throw NotYAML()
        }
        var anchored: [String: Node] = [:]
        Self.collectAnchors(of: tree, into: &anchored)
        self.tree = tree
        self.anchored = anchored
        withExtendedLifetime(parser) {}
    }

    /// The document as a whole.
    var root: YAMLValue { YAMLValue(tree, of: self) }

    /// The node that an alias refers to, or `node` itself if it is not an alias. Chains of aliases are followed; a loop
    /// is left as it is.
    fileprivate func dereferenced(_ node: Node) -> Node {
        var node = node
        for _ in 0..<Self.longestChain {
            guard let scalar = node.scalar, scalar.string.first == Self.mark,
                let target = anchored[String(scalar.string.dropFirst())]
            else { return node }
            node = target
        }
        return node
    }

    private static let longestChain = 16
    /// Lower than the parser's own limit, which is too high for the stack of a small thread.
    private static let deepestNode = 256
    /// A character of the private use area that replaces the star of an alias.
    private static let mark: Character = "\u{E000}"

    private static func collectAnchors(of node: Node, into anchored: inout [String: Node], depth: Int = 0) {
        guard depth < deepestNode else { return }
        // The last anchor of a name wins here, although YAML means the last one before the alias.
        if let anchor = node.anchor { anchored[anchor.rawValue] = node }
        for element in node.sequence.map(Array.init) ?? [] {
            collectAnchors(of: element, into: &anchored, depth: depth + 1)
        }
        for (_, value) in node.mapping.map(Array.init) ?? [] {
            collectAnchors(of: value, into: &anchored, depth: depth + 1)
        }
    }

    /// Turns aliases into scalars at every position where a token could begin: `*name` becomes the mark and the name.
    /// This also changes a quoted value that begins with a star and a letter, which no path does.
    private static func withMarkedAliases(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "&")), text.utf8.contains(UInt8(ascii: "*")) else { return text }
        var result = String.UnicodeScalarView()
        var previous: Unicode.Scalar = "\n"
        var isAfterStar = false
        for scalar in text.unicodeScalars {
            if isAfterStar {
                result.append(contentsOf: isNameStart(scalar) ? String(mark).unicodeScalars : "*".unicodeScalars)
            }
            isAfterStar = scalar == "*" && "\n\r\t [{,:-".unicodeScalars.contains(previous)
            if !isAfterStar { result.append(scalar) }
            previous = scalar
        }
        if isAfterStar { result.append("*") }
        return String(result)
    }

    private static func isNameStart(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "_"
    }
}

/// A value of a document, aliases followed.
struct YAMLValue {
    /// A field of a mapping.
    typealias Field = (name: String, line: Int, value: YAMLValue)

    private let node: Node
    private let document: YAMLDocument

    fileprivate init(_ node: Node, of document: YAMLDocument) {
        self.node = document.dereferenced(node)
        self.document = document
    }

    /// The text of a scalar; nil for any other value.
    var string: String? { node.string }

    /// Its line, from 1; 0 if it is unknown.
    var line: Int { node.mark?.line ?? 0 }

    /// The elements of a sequence; empty for any other value.
    var elements: [YAMLValue] {
        (node.sequence.map(Array.init) ?? []).map { YAMLValue($0, of: document) }
    }

    /// The number of a mapping's own fields.
    var fieldCount: Int { node.mapping?.count ?? 0 }

    /// The most mappings that one mapping can merge, since a hostile document could merge its largest one repeatedly.
    private static let mostMerged = 16

    /// The fields of a mapping: its own, then those that it merges with `<<`.
    var fields: [Field] {
        var fields: [Field] = []
        var merged: [Node] = []
        for (key, value) in node.mapping.map(Array.init) ?? [] {
            guard let name = key.string else { continue }
            if name == "<<" {
                merged.append(value)
            } else {
                fields.append((name, key.mark?.line ?? 0, YAMLValue(value, of: document)))
            }
        }
        let sources = merged.map { YAMLValue($0, of: document) }.flatMap { [$0] + $0.elements }
        var names = Set(fields.map(\.name))
        for source in sources.prefix(Self.mostMerged) {
            // One level deep, since a mapping may merge itself.
            for (key, value) in source.node.mapping.map(Array.init) ?? [] {
                guard let name = key.string, names.insert(name).inserted else { continue }
                fields.append((name, key.mark?.line ?? 0, YAMLValue(value, of: document)))
            }
        }
        return fields
    }

    /// The value of the field called `name`.
    func field(_ name: String) -> YAMLValue? {
        fields.first { $0.name == name }?.value
    }
}
