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

    init(file: String, base: BaseDirectory, renamedKeys: [Position: String]) {
        self.file = file
        self.base = base
        self.renamedKeys = renamedKeys
    }

    func report(_ message: String, at position: Position, path: String) {
        problems.append(
            Problem(file: file, line: position.line, column: position.column, path: path, message: message))
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
