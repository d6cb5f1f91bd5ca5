/// The text of a statement, or a part of one, made only of literals. No name, id or list that is known only at run time
/// can become part of it. Values are parameters (`SQLValue`), and a list is one parameter (`SQLList`).
package struct SQLText: Hashable, Sendable, ExpressibleByStringInterpolation {
    /// Literals are compared by their address, so that the statement cache does not compare texts. Equal texts at two
    /// addresses count as different, which costs only a second cache entry.
    fileprivate enum Part: Hashable, Sendable {
        case literal(StaticString)
        /// Made from a closed set of values, such as the cases of an enum.
        case made(String)

        var text: String {
            switch self {
            case .literal(let literal): literal.description
            case .made(let text): text
            }
        }

        static func == (left: Part, right: Part) -> Bool {
            switch (left, right) {
            case (.literal(let left), .literal(let right)):
                left.hasPointerRepresentation && right.hasPointerRepresentation
                    ? left.utf8Start == right.utf8Start && left.utf8CodeUnitCount == right.utf8CodeUnitCount
                    : left.description == right.description
            case (.made(let left), .made(let right)): left == right
            case (.literal, .made), (.made, .literal): false
            }
        }

        func hash(into hasher: inout Hasher) {
            switch self {
            case .literal(let literal):
                hasher.combine(literal.hasPointerRepresentation ? Int(bitPattern: literal.utf8Start) : 0)
            case .made(let text): hasher.combine(text)
            }
        }
    }

    private let parts: [Part]

    package init(stringLiteral value: StaticString) { parts = [.literal(value)] }
    package init(stringInterpolation: StringInterpolation) { parts = stringInterpolation.parts }

    /// The text for the engine.
    var text: String { parts.map(\.text).joined() }

    /// Accepts only other `SQLText` values. The engine joins the parts when it prepares the statement for the first time.
    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var parts: [Part] = []

        package init(literalCapacity: Int, interpolationCount: Int) {
            parts.reserveCapacity(2 * interpolationCount + 1)
        }

        package mutating func appendLiteral(_ literal: StaticString) {
            if literal.utf8CodeUnitCount > 0 { parts.append(.literal(literal)) }
        }

        package mutating func appendInterpolation(_ part: SQLText) { parts += part.parts }
    }
}

extension SQLText {
    /// A constant as an SQL literal.
    init(quoting constant: StaticString) { self.init(quoted: constant.description) }

    /// A value of one of our enums as an SQL literal. Its cases are a closed set, and so are the literals.
    init<Value: CaseIterable & RawRepresentable<String>>(_ value: Value) { self.init(quoted: value.rawValue) }

    /// Some values of one of our enums as the elements of a list: `state IN (\(SQLText(listing: …)))`.
    init<Value: CaseIterable & RawRepresentable<String>>(listing values: [Value]) {
        var elements: [SQLText] = []
        for value in values { elements.append(SQLText(value)) }
        self = Self.joined(elements, by: ", ")
    }

    /// A result for each value of one of our enums: `WHEN 'a' THEN … WHEN 'b' THEN …`.
    init<Value: CaseIterable & RawRepresentable<String>>(
        casesOf type: Value.Type, _ result: (Value) -> SQLText
    ) {
        var cases: [SQLText] = []
        for value in type.allCases { cases.append("WHEN \(SQLText(value)) THEN \(result(value))") }
        self = Self.joined(cases, by: " ")
    }

    /// Joins parts with a separator.
    static func joined(_ parts: [SQLText], by separator: SQLText) -> SQLText {
        guard let first = parts.first else { return "" }
        return parts.dropFirst().reduce(first) { "\($0)\(separator)\($1)" }
    }

    /// `($1, $2), ($3, $4)`: the parameters of `rows` rows.
    static func values(columns: Int, rows: Int) -> SQLText {
        let lists = (0..<rows).map { row in
            "(\((1...columns).map { "$\(row * columns + $0)" }.joined(separator: ", ")))"
        }
        return SQLText(numbers: lists.joined(separator: ", "))
    }

    private init(numbers: String) {
        parts = [.made(numbers)]
    }

    private init(quoted text: String) {
        parts = [.made("'\(text.replacing("'", with: "''"))'")]
    }
}
