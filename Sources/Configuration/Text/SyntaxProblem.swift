import Yams

/// The problem that makes a file invalid YAML.
struct SyntaxProblem: Error, Equatable {
    let position: Position
    let message: String

    init(_ position: Position, _ message: String) {
        self.position = position
        self.message = message
    }
}

extension SyntaxProblem {
    /// Translates an error of libyaml. Its messages contain no text of the file.
    init(_ error: YamlError, in text: String) {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _):
            let position = Position(mark)
            let detail = context.map { "\(problem) (\($0.text), line \($0.mark.line))" } ?? problem
            let hint = Self.hint(for: context, at: position, in: text)
            self.init(position, "is not valid YAML: \(detail)\(hint)")
        case .composer(_, let problem, let mark, _):
            if problem.contains("undefined alias") {
                self.init(Position(mark), "is not valid YAML: \(problem)\(Self.quoteTheStar)")
            } else {
                self.init(Position(mark), "is one document too many: a configuration is a single YAML document")
            }
        case .reader(let problem, let offset, _, _):
            let index = text.index(text.startIndex, offsetBy: offset ?? 0, limitedBy: text.endIndex)
            self.init(Position(of: index ?? text.endIndex, in: text), "is not valid YAML: \(problem)")
        case .duplicatedKeysInMapping(let keys, let context):
            self.init(Position(context.mark), "key repeated: \(keys.map(printableKey).joined(separator: ", "))")
        case .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
            // These errors cannot occur when checked text is parsed.
            self.init(.start, "cannot be parsed as YAML")
        }
    }

    private static let quoteTheStar = "; a text that begins with * needs quotes"

    private static func hint(for context: YamlError.Context?, at position: Position, in text: String) -> String {
        if context?.text == "while scanning an alias" { return quoteTheStar }
        guard let index = position.index(in: text) else { return "" }
        switch text.unicodeScalars[index] {
        case "\t": return "; indent with blanks, not with tabs"
        case "@", "`", "%": return "; a text that begins with \(text.unicodeScalars[index]) needs quotes"
        default: return ""
        }
    }
}
