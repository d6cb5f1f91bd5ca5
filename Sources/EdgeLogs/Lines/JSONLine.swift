import CertificateDecoding

/// Finds the fields in a JSON object (RFC 8259) in one walk, without building the object.
///
/// Fields may be in nested objects, such as `cf.tlsClientAuth`. The value of a field is a string, a number, a literal, or
/// an array, of which the first string counts.
struct JSONLine {
    /// How deep objects and arrays may be nested.
    private static let depthLimit = 16

    private enum Container {
        case object, array
    }

    private var containers: [Container] = []
    private var position = 0
    /// The meaning of the key whose value follows.
    private var meaning: FieldNames.Meaning?
    private var names = NameCache()

    /// Finds the fields of `line`.
    mutating func read(_ line: borrowing Span<UInt8>, into fields: inout ReportedFields) throws(UnreadableLine) {
        containers.removeAll(keepingCapacity: true)
        position = 0
        meaning = nil
        guard next(line) == UInt8(ascii: "{") else { throw .notJSON }
        position += 1
        try open(.object)
        var expectsValue = false
        while let container = containers.last {
            guard let byte = next(line) else { throw .notJSON }
            switch (byte, container) {
            case (UInt8(ascii: ","), _):
                position += 1
                if container == .object { meaning = nil }
            case (UInt8(ascii: "}"), .object), (UInt8(ascii: "]"), .array):
                position += 1
                containers.removeLast()
                meaning = nil
            case (UInt8(ascii: "\""), .object) where !expectsValue:
                try key(line)
                expectsValue = true
                continue
            case (_, .object) where !expectsValue: throw .notJSON
            default: try value(beginningWith: byte, line, &fields)
            }
            expectsValue = false
        }
        guard next(line) == nil else { throw .notJSON }
    }

    /// The next byte that is not white space.
    private mutating func next(_ line: borrowing Span<UInt8>) -> UInt8? {
        while position < line.count {
            switch line[position] {
            case 0x20, 0x09, 0x0D: position += 1
            default: return line[position]
            }
        }
        return nil
    }

    private mutating func open(_ container: Container) throws(UnreadableLine) {
        guard containers.count < Self.depthLimit else { throw .nestedTooDeep }
        containers.append(container)
    }

    private mutating func key(_ line: borrowing Span<UInt8>) throws(UnreadableLine) {
        let range = try string(line)
        meaning = names.meaning(of: range, in: line)
        if let depth = meaning?.depth, containers.count > depth { meaning = nil }
        guard next(line) == UInt8(ascii: ":") else { throw .notJSON }
        position += 1
    }

    private mutating func value(
        beginningWith byte: UInt8, _ line: borrowing Span<UInt8>, _ fields: inout ReportedFields
    ) throws(UnreadableLine) {
        switch byte {
        case UInt8(ascii: "{"):
            position += 1
            meaning = nil
            try open(.object)
        case UInt8(ascii: "["):
            position += 1
            try open(.array)
        case UInt8(ascii: "\""):
            let range = try string(line)
            if let meaning { fields.take(range, as: meaning, of: line) }
        default:
            let start = position
            while position < line.count, Self.isLiteral(line[position]) { position += 1 }
            guard position > start else { throw .notJSON }
            if let meaning, !line.holds("null", at: start) { fields.take(start..<position, as: meaning, of: line) }
        }
    }

    /// Whether a byte may be part of a number, `true`, `false` or `null`.
    private static func isLiteral(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."): true
        default: false
        }
    }

    /// The range of the string that begins at the position, without its quotes.
    private mutating func string(_ line: borrowing Span<UInt8>) throws(UnreadableLine) -> Range<Int> {
        let start = position + 1
        var from = start
        while let quote = line.firstIndex(of: UInt8(ascii: "\""), from: from) {
            var backslashes = 0
            while quote - backslashes > start, line[quote - backslashes - 1] == UInt8(ascii: "\\") { backslashes += 1 }
            if backslashes.isMultiple(of: 2) {
                position = quote + 1
                return start..<quote
            }
            from = quote + 1
        }
        throw .notJSON
    }
}

/// The meanings of the keys that a log repeats in every line.
struct NameCache {
    /// Far more names than a log format has. Names of further headers are looked up each time.
    private static let limit = 1_024
    private static let longestName = 64

    private var meanings: [[UInt8]: FieldNames.Meaning?] = [:]
    /// The name that is being looked up, reused to save allocations.
    private var name: [UInt8] = []

    /// The meaning of the name in `range`.
    mutating func meaning(of range: Range<Int>, in line: borrowing Span<UInt8>) -> FieldNames.Meaning? {
        guard range.count <= Self.longestName else { return nil }
        name.removeAll(keepingCapacity: true)
        for index in range {
            let byte = line[index]
            switch byte {
            case UInt8(ascii: "-"): name.append(UInt8(ascii: "_"))
            case 0x41...0x5A: name.append(byte | 0x20)
            default: name.append(byte)
            }
        }
        if let known = meanings[name] { return known }
        let meaning = FieldNames.meaning(of: name)
        if meanings.count < Self.limit { meanings.updateValue(meaning, forKey: Array(name)) }
        return meaning
    }
}
