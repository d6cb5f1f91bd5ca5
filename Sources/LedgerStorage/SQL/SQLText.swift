/// The text of a statement, or a part of one, made of literals alone: no name, id or list that is known only at run time can
/// get into it. Values travel as parameters (`SQLValue`), lists as one parameter (`SQLList`).
package struct SQLText: Hashable, Sendable, ExpressibleByStringInterpolation {
    private enum Source: Sendable {
        case literal(StaticString)
        case composed(String)
    }

    private let source: Source

    package init(stringLiteral value: StaticString) { source = .literal(value) }
    package init(stringInterpolation: StringInterpolation) { source = .composed(stringInterpolation.text) }

    /// As the engine takes it.
    var text: String {
        switch source {
        case .literal(let literal): literal.description
        case .composed(let text): text
        }
    }

    /// Takes other texts only.
    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        package init(literalCapacity: Int, interpolationCount: Int) {
            text.reserveCapacity(literalCapacity + 64 * interpolationCount)
        }

        package mutating func appendLiteral(_ literal: StaticString) {
            literal.withUTF8Buffer { text += String(decoding: $0, as: UTF8.self) }
        }

        package mutating func appendInterpolation(_ part: SQLText) { text += part.text }
    }

    /// A literal is known by its address, so that a statement is found again without a look at its text. The same words at two
    /// addresses are two texts, which only costs a second look.
    package static func == (left: SQLText, right: SQLText) -> Bool {
        switch (left.source, right.source) {
        case (.literal(let left), .literal(let right)):
            left.hasPointerRepresentation && right.hasPointerRepresentation
                ? left.utf8Start == right.utf8Start && left.utf8CodeUnitCount == right.utf8CodeUnitCount
                : left.description == right.description
        case (.composed(let left), .composed(let right)): left == right
        case (.literal, .composed), (.composed, .literal): false
        }
    }

    package func hash(into hasher: inout Hasher) {
        switch source {
        case .literal(let literal):
            hasher.combine(literal.hasPointerRepresentation ? Int(bitPattern: literal.utf8Start) : 0)
        case .composed(let text): hasher.combine(text)
        }
    }
}

extension SQLText {
    /// A constant of ours as a literal of SQL.
    init(quoting constant: StaticString) { self.init(quoted: constant.description) }

    /// A value of one of our enums as a literal of SQL: its cases are closed, and so is what can stand here.
    init<Value: CaseIterable & RawRepresentable<String>>(_ value: Value) { self.init(quoted: value.rawValue) }

    /// Some values of one of our enums as the elements of a list: `state IN (\(SQLText(listing: …)))`.
    init<Value: CaseIterable & RawRepresentable<String>>(listing values: [Value]) {
        var elements: [SQLText] = []
        for value in values { elements.append(SQLText(value)) }
        self = Self.joined(elements, by: ", ")
    }

    /// What each value of one of our enums stands for: `WHEN 'a' THEN … WHEN 'b' THEN …`.
    init<Value: CaseIterable & RawRepresentable<String>>(
        casesOf type: Value.Type, _ result: (Value) -> SQLText
    ) {
        var cases: [SQLText] = []
        for value in type.allCases { cases.append("WHEN \(SQLText(value)) THEN \(result(value))") }
        self = Self.joined(cases, by: " ")
    }

    /// Parts with the same text between each two.
    static func joined(_ parts: [SQLText], by separator: SQLText) -> SQLText {
        guard let first = parts.first else { return "" }
        return parts.dropFirst().reduce(first) { "\($0)\(separator)\($1)" }
    }

    /// `($1, $2), ($3, $4)`: the parameters of so many rows.
    static func values(columns: Int, rows: Int) -> SQLText {
        let lists = (0..<rows).map { row in
            "(\((1...columns).map { "$\(row * columns + $0)" }.joined(separator: ", ")))"
        }
        return SQLText(numbers: lists.joined(separator: ", "))
    }

    private init(numbers: String) {
        source = .composed(numbers)
    }

    private init(quoted text: String) {
        source = .composed("'\(text.replacing("'", with: "''"))'")
    }
}
