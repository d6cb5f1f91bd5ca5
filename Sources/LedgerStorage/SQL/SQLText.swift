/// The text of a statement, or a part of one, made of literals alone: no name, id or list that is known only at run time can
/// get into it. Values travel as parameters (`SQLValue`), lists as one parameter (`SQLList`).
package struct SQLText: Hashable, Sendable, ExpressibleByStringInterpolation {
    /// A literal is known by its address, so that a statement is found again without a look at its text. The same words at two
    /// addresses are two texts, which only costs a second look.
    fileprivate enum Part: Hashable, Sendable {
        case literal(StaticString)
        /// Made of a closed set of values, such as the cases of an enum.
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

    /// As the engine takes it.
    var text: String { parts.map(\.text).joined() }

    /// Takes other texts only. They are put together when the engine sees the statement for the first time.
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
        parts = [.made(numbers)]
    }

    private init(quoted text: String) {
        parts = [.made("'\(text.replacing("'", with: "''"))'")]
    }
}
