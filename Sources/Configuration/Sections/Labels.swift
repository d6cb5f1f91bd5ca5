/// Labels of registrations. Their names follow Prometheus' rule.
enum Labels {
    static func read(_ cursor: Cursor) -> [String: String] {
        var labels: [String: String] = [:]
        for (name, value) in fields(cursor) { labels[name] = value.text() }
        return labels
    }

    /// The entries of `cursor` whose keys are valid label names. Reports the others.
    static func fields(_ cursor: Cursor) -> [(name: String, value: Cursor)] {
        (cursor.entries() ?? []).compactMap { key, value in
            guard isName(key) else {
                value.reportAtKey("a label's name is made of letters, digits and \"_\", and begins with no digit")
                return nil
            }
            return (key, value.cursor)
        }
    }

    /// `[a-zA-Z_][a-zA-Z0-9_]*`
    private static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, !(0x30...0x39).contains(first) else { return false }
        return text.unicodeScalars.allSatisfy { isNameCharacter($0) && $0 != "." && $0 != "-" }
    }
}
