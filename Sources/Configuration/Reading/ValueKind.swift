import Yams

/// The kind of a YAML node according to YAML's core schema, in the words of messages.
enum ValueKind: Equatable {
    case text
    case number
    case boolean
    case nothing
    case list
    case mapping
    /// A value with an explicit tag, such as `!!binary` or `!env`.
    case foreign(tag: String)

    init(_ node: Node) {
        switch node {
        case .scalar(let scalar): self = Self.scalar(scalar)
        case .sequence(let sequence): self = Self.checked(sequence.tag.rawValue, .seq, as: .list)
        case .mapping(let mapping): self = Self.checked(mapping.tag.rawValue, .map, as: .mapping)
        case .alias(let alias): self = .foreign(tag: alias.tag.rawValue)
        }
    }

    /// The noun with its article, as in "must be a list, not a number".
    var noun: String {
        switch self {
        case .text: "a text"
        case .number: "a number"
        case .boolean: "a yes or no"
        case .nothing: "nothing"
        case .list: "a list"
        case .mapping: "a mapping"
        case .foreign: "a value with a tag of its own"
        }
    }

    private static func scalar(_ scalar: Node.Scalar) -> ValueKind {
        switch Tag.Name(rawValue: scalar.tag.rawValue) {
        case .implicit: plain(scalar.string)
        case .str, .nonSpecific: .text
        case .int, .float: .number
        case .bool: .boolean
        case .null: .nothing
        default: .foreign(tag: scalar.tag.rawValue)
        }
    }

    private static func checked(_ tag: String, _ core: Tag.Name, as kind: ValueKind) -> ValueKind {
        [.implicit, .nonSpecific, core].contains(Tag.Name(rawValue: tag)) ? kind : .foreign(tag: tag)
    }

    /// The kind of a scalar without quotes. `yes`, `no`, `on` and `off` are booleans as in YAML 1.1, so that other
    /// tools do not read the same file differently.
    private static func plain(_ text: String) -> ValueKind {
        switch text.lowercased() {
        case "", "~", "null": .nothing
        case "true", "false", "yes", "no", "on", "off": .boolean
        default: isNumber(text) ? .number : .text
        }
    }

    private static func isNumber(_ text: String) -> Bool {
        guard text.utf8.contains(where: { (0x30...0x39).contains($0) }) else { return false }
        // Double(_:) reads hexadecimal, but neither underscores nor octal.
        return Double(text.filter { $0 != "_" }.replacing("0o", with: "")) != nil
    }
}
