/// Labels that people give to what they register, by names as Prometheus has them.
enum Labels {
    static func read(_ cursor: Cursor) -> [String: String] {
        var labels: [String: String] = [:]
        for (key, value) in cursor.entries() ?? [] {
            guard isName(key) else {
                value.reportAtKey("a label's name is made of letters, digits and \"_\", and begins with no digit")
                continue
            }
            labels[key] = value.cursor.text()
        }
        return labels
    }

    /// `[a-zA-Z_][a-zA-Z0-9_]*`
    private static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, !(0x30...0x39).contains(first) else { return false }
        return text.unicodeScalars.allSatisfy { isNameCharacter($0) && $0 != "." && $0 != "-" }
    }
}
