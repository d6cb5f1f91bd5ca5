/// Several names in one column, separated by line breaks. Names are untrusted text, so line breaks in them are escaped.
enum JoinedNames {
    /// The column's text.
    static func text(of names: [String]) -> String {
        names.map { name in
            name.contains("\\") || name.contains("\n")
                ? name.replacing("\\", with: "\\\\").replacing("\n", with: "\\n") : name
        }.joined(separator: "\n")
    }

    /// The names in a column's text.
    static func names(in text: String) -> [String] {
        guard !text.isEmpty else { return [] }
        return text.split(separator: "\n", omittingEmptySubsequences: false).map { name in
            guard name.contains("\\") else { return String(name) }
            var result = ""
            var isEscaped = false
            for character in name {
                switch (isEscaped, character) {
                case (false, "\\"): isEscaped = true
                case (true, "n"): (isEscaped, result) = (false, result + "\n")
                default: (isEscaped, result) = (false, result + String(character))
                }
            }
            return result
        }
    }
}
