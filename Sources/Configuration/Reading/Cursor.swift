import Yams

/// One value of the configuration, with the keys that lead to it.
struct Cursor {
    let node: Node
    /// As in `certificates[0].role`, with indices counted in the value's own file.
    let path: String
    let reading: Reading
    /// The mappings or lists of later files that are merged into this value.
    var additions: [Cursor] = []

    var position: Position {
        node.mark.map(Position.init) ?? .start
    }

    func report(_ message: String) {
        reading.report(message, at: position, path: path)
    }

    /// The kind of the value.
    var kind: ValueKind { ValueKind(node) }

    /// The elements of a list. Reports any other value and returns nil.
    func list() -> [Cursor]? {
        guard kind == .list, let sequence = node.sequence else {
            report("must be a list, not \(kind.noun)")
            return nil
        }
        let elements = sequence.enumerated().map { index, element in
            Cursor(node: element, path: "\(path)[\(index)]", reading: reading)
        }
        return elements + additions.flatMap { $0.list() ?? [] }
    }

    /// The elements of a list that must not be empty.
    func filledList() -> [Cursor]? {
        guard let elements = list() else { return nil }
        if elements.isEmpty {
            report("is empty: leave the key out, or list something")
        }
        return elements
    }

    /// Reads the elements of a list that must not be empty or contain duplicates.
    func distinctList<Value: Hashable>(_ read: (Cursor) -> Value?) -> [Value]? {
        guard let elements = filledList() else { return nil }
        var first: [Value: Cursor] = [:]
        var values: [Value] = []
        for element in elements {
            guard let value = read(element) else { continue }
            if let earlier = first[value] {
                element.report("repeats \(earlier.path)\(element.inOtherFile(earlier))")
            } else {
                first[value] = element
                values.append(value)
            }
        }
        return values
    }

    /// A text of at least one character. Reports any other value and returns nil.
    func text() -> String? {
        switch kind {
        case .text:
            return plainText()
        case .boolean, .number:
            report("must be a text, not \(kind.noun): put it into quotes")
            return nil
        case .nothing, .list, .mapping, .foreign:
            report("must be a text, not \(kind.noun)")
            return nil
        }
    }

    /// A text of one or more lines.
    func multilineText() -> String? {
        guard kind == .text, let text = node.scalar?.string, !text.isEmpty else { return text() }
        return text
    }

    /// The text of any scalar, for values such as `0` and `200` that need no quotes.
    func scalarText() -> String? {
        switch kind {
        case .text, .boolean, .number:
            return plainText()
        case .nothing, .list, .mapping, .foreign:
            report("must be a single value, not \(kind.noun)")
            return nil
        }
    }

    private func plainText() -> String? {
        guard let text = node.scalar?.string, !text.isEmpty else {
            report("is empty")
            return nil
        }
        guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            report("holds a control character")
            return nil
        }
        return text
    }
}
