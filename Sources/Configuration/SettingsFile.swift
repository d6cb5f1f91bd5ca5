import FileReading

/// A configuration file in YAML, read once at the edge: below it there are only `Settings`.
package enum SettingsFile {
    /// Reads and checks the file at `path`; relative paths in it are relative to its directory.
    ///
    /// - Throws: every problem of the file in one go.
    package static func load(path: String) throws(ConfigurationError) -> Settings {
        let document: YAMLDocument
        do throws(SyntaxProblem) {
            document = try YAMLDocument(parsing: text(of: path))
        } catch {
            throw ConfigurationError(problems: [
                Problem(
                    file: path, line: error.position.line, column: error.position.column, path: "",
                    message: error.message)
            ])
        }
        let reading = Reading(
            file: path, base: BaseDirectory(ofFile: path), renamedKeys: document.renamedKeys)
        let settings = SettingsSection.read(Cursor(node: document.root, path: "", reading: reading))
        if let error = reading.error { throw error }
        guard let settings else {
            preconditionFailure("a section gave nothing and reported nothing")
        }
        return settings
    }

    private static func text(of path: String) throws(SyntaxProblem) -> String {
        let bytes: [UInt8]
        do throws(RegularFile.Failure) {
            bytes = try RegularFile.read(path, limit: YAMLText.byteLimit)
        } catch {
            throw SyntaxProblem(.start, error.clause)
        }
        return try YAMLText.decode(bytes)
    }
}
