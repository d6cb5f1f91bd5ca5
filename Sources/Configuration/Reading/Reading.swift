import Scanning
import Yams

/// The state of reading one file: the base of its relative paths, and the problems found so far.
///
/// A problem never ends the reading, so that all problems are reported at once.
final class Reading {
    let base: BaseDirectory
    /// As the user named it.
    let file: String
    private let renamedKeys: [Position: String]
    private var problems: [Problem] = []
    /// The files that are read again for each attempt, in the order in which they were found.
    private(set) var namedFiles: [NamedFile] = []

    init(file: String, base: BaseDirectory, renamedKeys: [Position: String]) {
        self.file = file
        self.base = base
        self.renamedKeys = renamedKeys
    }

    func report(_ message: String, at position: Position, path: String) {
        problems.append(
            Problem(file: file, line: position.line, column: position.column, path: path, message: message))
    }

    /// Records a file whose content is not part of the settings.
    func name(_ file: NamedFile) {
        namedFiles.append(file)
    }

    /// The problems, in the file's order.
    var problemsInOrder: [Problem] {
        problems.sorted { ($0.line, $0.column) < ($1.line, $1.column) }
    }

    /// The text of a key as in the file, even if it was renamed for the parser.
    func key(_ node: Node) -> String? {
        guard let text = node.scalar?.string else { return nil }
        return node.mark.flatMap { renamedKeys[Position($0)] } ?? text
    }
}
