/// The position of a value in a configuration file, for problems that are found after the file was read.
struct ConfigurationPlace: Hashable, Sendable {
    /// The file as the user named it.
    let file: String
    /// Counted from 1.
    let position: Position
    /// The keys that lead to the value.
    let path: String

    func problem(_ message: String) -> Problem {
        Problem(file: file, line: position.line, column: position.column, path: path, message: message)
    }
}

extension Cursor {
    /// Records that this value names a file, to be checked by `config validate`.
    func name(_ content: NamedFile.Content, _ path: String) {
        reading.name(
            NamedFile(
                content, path: path,
                at: ConfigurationPlace(file: reading.file, position: position, path: self.path)))
    }
}
