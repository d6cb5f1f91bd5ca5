import Yams

/// A mapping whose keys are the cases of `Key`. The enumeration is the only list of the allowed keys.
struct Section<Key: CaseIterable & RawRepresentable<String>> {
    private let keys: KeySection

    /// Reports every key that is unknown or repeated. Returns nil, and reports, when the value is not a mapping.
    ///
    /// - Parameters:
    ///   - cursor: the mapping.
    ///   - refusals: messages for keys that users expect but that do not exist, instead of "unknown key".
    init?(_ cursor: Cursor, refusals: [String: String] = [:]) {
        guard let keys = KeySection(cursor, known: Key.allCases.map(\.rawValue), refusals: refusals) else { return nil }
        self.keys = keys
    }

    /// The value of `key`; nil without the key.
    subscript(key: Key) -> Cursor? { keys[key.rawValue] }

    /// The value of `key`. Reports a missing key.
    func required(_ key: Key) -> Cursor? { keys.required(key.rawValue) }

    /// Reports a problem with `key`, which is missing.
    func report(_ message: String, for key: Key) { keys.report(message, for: key.rawValue) }

    /// Reports a problem with the mapping as a whole.
    func report(_ message: String) { keys.report(message) }
}

/// A mapping whose allowed keys are given as a list.
struct KeySection {
    private let mapping: Cursor
    private let values: [String: Cursor]

    /// As `Section.init`, with the keys in `known`.
    init?(_ cursor: Cursor, known: [String], refusals: [String: String] = [:]) {
        var values: [String: Cursor] = [:]
        guard let entries = cursor.entries() else { return nil }
        for (key, value) in entries {
            if known.contains(key) {
                values[key] = value.cursor
            } else if let refusal = refusals[key] {
                value.reportAtKey(refusal)
            } else {
                let hint = didYouMean(key, among: known)
                let list = "; known here: " + known.joined(separator: ", ")
                value.reportAtKey("unknown key" + (hint.isEmpty ? list : hint))
            }
        }
        self.mapping = cursor
        self.values = values
    }

    subscript(key: String) -> Cursor? { values[key] }

    func required(_ key: String) -> Cursor? {
        if self[key] == nil {
            report("missing", for: key)
        }
        return self[key]
    }

    func report(_ message: String, for key: String) {
        let path = mapping.path.isEmpty ? key : "\(mapping.path).\(key)"
        mapping.reading.report(message, at: mapping.position, path: path)
    }

    func report(_ message: String) {
        mapping.report(message)
    }
}

/// A value under a key of a mapping.
struct KeyedValue {
    var cursor: Cursor
    var keyPosition: Position

    func reportAtKey(_ message: String) {
        cursor.reading.report(message, at: keyPosition, path: cursor.path)
    }
}

extension Cursor {
    /// The keys of a mapping with their values, in order. Reports and skips repeated keys. Returns nil, and reports,
    /// when the value is not a mapping.
    func entries() -> [(key: String, value: KeyedValue)]? {
        guard var entries = ownEntries() else { return nil }
        for addition in additions {
            for (key, value) in addition.ownEntries() ?? [] {
                if let index = entries.firstIndex(where: { $0.key == key }) {
                    entries[index].value.merge(value)
                } else {
                    entries.append((key, value))
                }
            }
        }
        return entries
    }

    /// The entries of this file, without those of later files.
    private func ownEntries() -> [(key: String, value: KeyedValue)]? {
        guard kind == .mapping, let mapping = node.mapping else {
            report("must be a mapping (key: value), not \(kind.noun)")
            return nil
        }
        var entries: [(key: String, value: KeyedValue)] = []
        var lines: [String: Int] = [:]
        for (keyNode, valueNode) in mapping {
            let keyPosition = keyNode.mark.map(Position.init) ?? position
            guard let key = reading.key(keyNode) else {
                reading.report("a key must be a single word", at: keyPosition, path: path)
                continue
            }
            let keyPath = path.isEmpty ? printableKey(key) : "\(path).\(printableKey(key))"
            let value = KeyedValue(
                cursor: Cursor(node: valueNode, path: keyPath, reading: reading), keyPosition: keyPosition)
            if let line = lines[key] {
                value.reportAtKey("key repeated; it is already in line \(line)")
            } else {
                lines[key] = keyPosition.line
                entries.append((key, value))
            }
        }
        return entries
    }
}
