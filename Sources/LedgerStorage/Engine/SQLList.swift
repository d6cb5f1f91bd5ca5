/// A list as one parameter. The text of a statement then stays the same for any number of elements: it is prepared once, and the
/// cache of statements does not grow with what the ledger holds.
///
/// SQLite takes the list as a JSON array. This is the one place that spells it.
enum SQLList {
    /// The elements of the list in `parameter`, as a subquery: `id IN (\(SQLList.elements(of: "$1")))`.
    static func elements(of parameter: String) -> String { "SELECT value FROM json_each(\(parameter))" }
}

extension SQLValue {
    /// The parameter for a list of numbers, such as ids.
    static func list(_ numbers: some Sequence<Int64>) -> SQLValue {
        .text("[\(numbers.map(String.init).joined(separator: ","))]")
    }

    /// The parameter for a list of an enum's values, as the ledger's columns have them.
    static func list<Value: RawRepresentable<String>>(_ values: some Sequence<Value>) -> SQLValue {
        // Raw values of ours are identifiers, which JSON quotes as they are.
        .text("[\(values.map { "\"\($0.rawValue)\"" }.joined(separator: ","))]")
    }
}
