/// The lines of a configuration with one statement in each line, with their numbers from 1.
enum ConfigurationLines {
    typealias Line = (number: Int, text: Substring)

    static func plain(_ text: String) -> [Line] {
        text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated().map { index, line in
            (index + 1, line)
        }
    }

    /// The lines, with each line that ends in a backslash joined to the next one.
    static func joined(_ text: String) -> [Line] {
        var lines: [Line] = []
        var pending: (number: Int, text: String)?
        for (number, line) in plain(text) {
            let start = pending ?? (number, "")
            if line.hasSuffix("\\") {
                pending = (start.number, start.text + line.dropLast())
            } else {
                pending = nil
                lines.append((start.number, Substring(start.text + line)))
            }
        }
        if let pending { lines.append((pending.number, Substring(pending.text))) }
        return lines
    }

    /// The words of a line up to a comment, separated by blanks that are neither quoted nor escaped.
    static func words(_ line: Substring) -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var isEscaped = false
        for character in line {
            if isEscaped {
                word = (word ?? "") + String(character)
                isEscaped = false
            } else if character == "\\", quote != "'" {
                isEscaped = true
            } else if let open = quote {
                if character == open { quote = nil } else { word?.append(character) }
            } else if character == "\"" || character == "'" {
                quote = character
                word = word ?? ""
            } else if character.isWhitespace {
                if let finished = word { words.append(finished) }
                word = nil
            } else if character == "#", word == nil {
                return words
            } else {
                word = (word ?? "") + String(character)
            }
        }
        return words + [word].compactMap(\.self)
    }
}
