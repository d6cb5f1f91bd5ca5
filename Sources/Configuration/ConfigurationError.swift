/// Everything that is wrong with one configuration: a file and its drop-ins.
package struct ConfigurationError: Error, Hashable {
    /// At least one, in the order of the files and of what they say.
    package let problems: [Problem]

    package init(problems: [Problem]) {
        self.problems = problems
    }
}

extension ConfigurationError: CustomStringConvertible {
    private static let printedProblems = 20

    /// All lines.
    package var description: String { lines.joined(separator: "\n") }

    /// One problem a line, at most 20, and how many were left out.
    package var lines: [String] {
        var lines = problems.prefix(Self.printedProblems).map(\.description)
        if problems.count > Self.printedProblems {
            lines.append("and \(problems.count - Self.printedProblems) more")
        }
        return lines
    }
}

/// One thing that is wrong, and where. It never holds a value that may be a secret.
package struct Problem: Hashable, Sendable {
    /// The file as the user named it.
    package let file: String
    /// Counted from 1, in lines and Unicode scalars.
    package let line: Int
    package let column: Int
    /// The keys that lead to it, as in `certificates[0].role`; empty for the file as a whole.
    package let path: String
    /// What is wrong, in words to act on.
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
    /// `file:line:column: path: what`, as editors and terminals make a link of it.
    package var description: String {
        let place = "\(file):\(line):\(column): "
        return path.isEmpty ? place + message : place + path + ": " + message
    }
}
