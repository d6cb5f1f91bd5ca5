/// All problems of one configuration: a file and its drop-ins.
package struct ConfigurationError: Error, Hashable {
    /// At least one, in the order of the files and of the positions in them.
    package let problems: [Problem]

    package init(problems: [Problem]) {
        self.problems = problems
    }
}

extension ConfigurationError: CustomStringConvertible {
    private static let printedProblems = 20

    /// All lines.
    package var description: String { lines.joined(separator: "\n") }

    /// One line for each problem, at most 20, and a line with the number of the others.
    package var lines: [String] {
        var lines = problems.prefix(Self.printedProblems).map(\.description)
        if problems.count > Self.printedProblems {
            lines.append("and \(problems.count - Self.printedProblems) more")
        }
        return lines
    }
}

/// One problem and its position. It never contains a value that may be a secret.
package struct Problem: Hashable, Sendable {
    /// The file as the user named it.
    package let file: String
    /// Counted from 1, in lines and Unicode scalars.
    package let line: Int
    package let column: Int
    /// The keys that lead to the value, as in `certificates[0].role`; empty for the file as a whole.
    package let path: String
    /// The problem, in words that a person can act on.
    package let message: String

    package init(file: String, line: Int, column: Int, path: String, message: String) {
        self.file = file
        self.line = line
        self.column = column
        self.path = path
        self.message = message
    }
}

extension Problem: CustomStringConvertible {
    /// `file:line:column: path: message`, a form that editors and terminals turn into a link.
    package var description: String {
        let place = "\(file):\(line):\(column): "
        return path.isEmpty ? place + message : place + path + ": " + message
    }
}
