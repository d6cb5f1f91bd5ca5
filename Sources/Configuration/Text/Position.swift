import Yams

/// A position in the file. Line and column count from 1, the column in Unicode scalars, as in libyaml.
struct Position: Hashable, Comparable, Sendable {
    let line: Int
    let column: Int

    static let start = Position(line: 1, column: 1)

    static func < (left: Position, right: Position) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

extension Position {
    init(_ mark: Mark) {
        self.init(line: mark.line, column: mark.column)
    }

    /// The position of `index` in `text`. Line breaks are those of YAML 1.1, which libyaml implements.
    init(of index: String.Index, in text: String) {
        var position = Position.start
        var walked = text.startIndex
        while walked < index {
            position = position.advanced(over: text.unicodeScalars[walked], in: text, at: walked)
            walked = text.unicodeScalars.index(after: walked)
        }
        self = position
    }

    /// The index of this position in `text`; nil when the text ends before it.
    func index(in text: String) -> String.Index? {
        var position = Position.start
        for index in text.unicodeScalars.indices {
            if position == self { return index }
            position = position.advanced(over: text.unicodeScalars[index], in: text, at: index)
        }
        return nil
    }

    private func advanced(over scalar: Unicode.Scalar, in text: String, at index: String.Index) -> Position {
        switch scalar {
        case "\n", "\u{85}", "\u{2028}", "\u{2029}":
            return Position(line: line + 1, column: 1)
        case "\r":
            let next = text.unicodeScalars.index(after: index)
            let isCRLF = next < text.endIndex && text.unicodeScalars[next] == "\n"
            return isCRLF ? self : Position(line: line + 1, column: 1)
        default:
            return Position(line: line, column: column + 1)
        }
    }
}
