import Certificates

/// Passes a list as one parameter. The text of a statement is then the same for any number of elements, so it is
/// prepared once, and the statement cache does not grow with the ledger.
///
/// SQLite takes the list as a JSON array. Only this type depends on that.
enum SQLList {
    /// The elements of the list in `parameter`, as a subquery: `id IN (\(SQLList.elements(of: "$1")))`.
    static func elements(of parameter: SQLText) -> SQLText { "SELECT value FROM json_each(\(parameter))" }

    /// The fingerprints of the list in `parameter`, as a subquery. JSON has no bytes, so the parameter is a blob of
    /// concatenated fingerprints.
    static func fingerprints(of parameter: SQLText) -> SQLText {
        """
        WITH RECURSIVE places(place) AS (SELECT 1 WHERE length(\(parameter)) > 0
            UNION ALL SELECT place + 32 FROM places WHERE place + 32 <= length(\(parameter)))
        SELECT substr(\(parameter), place, 32) AS fingerprint FROM places
        """
    }
}

extension SQLValue {
    /// The parameter for a list of numbers, such as ids.
    static func list(_ numbers: some Sequence<Int64>) -> SQLValue {
        .text("[\(numbers.map(String.init).joined(separator: ","))]")
    }

    /// The parameter for a list of an enum's raw values.
    static func list<Value: RawRepresentable<String>>(_ values: some Sequence<Value>) -> SQLValue {
        // Our raw values are identifiers, which need no escapes in JSON.
        .text("[\(values.map { "\"\($0.rawValue)\"" }.joined(separator: ","))]")
    }

    /// The parameter for a list of fingerprints.
    static func list(_ fingerprints: some Sequence<Fingerprint>) -> SQLValue {
        .blob(fingerprints.flatMap(\.bytes))
    }

    /// The parameter for a list of rows of numbers and texts: `value ->> 0` is the first column of each.
    static func list(rows: some Sequence<[SQLValue]>) -> SQLValue {
        .text("[\(rows.map { "[\($0.map(\.json).joined(separator: ","))]" }.joined(separator: ","))]")
    }

    private var json: String {
        switch self {
        case .null, .blob: "null"
        case .integer(let number): String(number)
        case .text(let text): Self.quoted(text)
        }
    }

    /// The parameter for a list of texts, such as names.
    static func list(texts: some Sequence<String>) -> SQLValue {
        .text("[\(texts.map(quoted).joined(separator: ","))]")
    }

    /// Quotes a text for JSON (RFC 8259 section 7).
    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\":
                quoted.unicodeScalars.append("\\")
                quoted.unicodeScalars.append(scalar)
            case _ where scalar.value < 0x20:
                let hex = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
