/// Wraps lines at spaces. What is wrapped goes on below the second column of its line.
enum LineWrap {
    /// The parts of a line that take at most so many columns each. Escape sequences for colours take none.
    static func parts(of line: String, within columns: Int) -> [String] {
        guard DisplayWidth.columns(ofPainted: line) > columns else { return [line] }
        return parts(of: line, within: columns, hangingAt: hangingIndentation(of: line, within: columns))
    }

    /// - Parameters:
    ///   - line: a line that may contain colours.
    ///   - columns: the width of each part.
    ///   - indentation: the spaces before each part but the first.
    /// - Returns: the parts. Only a word that is wider than a line is cut.
    static func parts(of line: String, within columns: Int, hangingAt indentation: Int) -> [String] {
        var parts: [String] = []
        var part = ""
        var isEmpty = true
        func width(_ text: String) -> Int { DisplayWidth.columns(ofPainted: text) }
        /// A word that is wider than the indentation allows begins further left.
        func end(before word: String) {
            parts.append(part)
            let margin = min(indentation, max(columns - width(word), 0))
            (part, isEmpty) = (String(repeating: " ", count: margin), true)
        }
        for word in words(of: line) {
            if !isEmpty, width(part) + word.spaces + width(word.text) > columns { end(before: word.text) }
            // Spaces at the start of the line are its indentation; elsewhere a wrapped word leaves them out.
            if !isEmpty || parts.isEmpty { part += String(repeating: " ", count: word.spaces) }
            var rest = word.text
            while width(part) + width(rest) > columns, !rest.contains("\u{1B}") {
                let piece = DisplayWidth.prefix(of: rest, within: max(columns - width(part), 1))
                part += piece
                rest.removeFirst(piece.count)
                end(before: "")
            }
            part += rest
            isEmpty = false
        }
        return parts + [part]
    }

    /// Each word with the number of spaces before it.
    private static func words(of line: String) -> [(spaces: Int, text: String)] {
        var words: [(spaces: Int, text: String)] = []
        var spaces = 0
        for piece in line.split(separator: " ", omittingEmptySubsequences: false) {
            if piece.isEmpty {
                spaces += 1
            } else {
                words.append((spaces, String(piece)))
                spaces = 1
            }
        }
        return words
    }

    /// Where the second column begins if that is in the first third, else two columns more than the line's own.
    private static func hangingIndentation(of line: String, within columns: Int) -> Int {
        let own = line.prefix { $0 == " " }.count
        var column = 0
        for (index, word) in words(of: line).enumerated() {
            column += word.spaces
            if index > 0, word.spaces >= 2 { return column <= columns / 3 ? column : own + 2 }
            column += DisplayWidth.columns(ofPainted: word.text)
        }
        return own + 2
    }
}
