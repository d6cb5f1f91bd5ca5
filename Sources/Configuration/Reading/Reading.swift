import Scanning
import Yams

/// The reading of one file: where its paths begin, and the problems found so far.
///
/// A problem never ends the reading, so that people see all of them in one go.
final class Reading {
    let base: BaseDirectory
    /// As the user named it.
    let file: String
    private let renamedKeys: [Position: String]
    private var problems: [Problem] = []
    /// The files that are read anew at each attempt, in the order of the reading.
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

    /// Records a file whose content is no part of the settings.
    func name(_ file: NamedFile) {
        namedFiles.append(file)
    }

    /// What was found, in the file's order.
    var problemsInOrder: [Problem] {
        problems.sorted { ($0.line, $0.column) < ($1.line, $1.column) }
    }

    /// The text of `node` as a key, as the file has it.
    func key(_ node: Node) -> String? {
        guard let text = node.scalar?.string else { return nil }
        return node.mark.flatMap { renamedKeys[Position($0)] } ?? text
    }
}
