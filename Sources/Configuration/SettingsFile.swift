import FileReading
import Scanning
import Yams

/// Reads a configuration file in YAML and its drop-ins into `Settings`. Besides `EffectiveConfiguration`, no other code sees YAML.
package enum SettingsFile {
    private static let dropInDirectory = "conf.d"

    /// Reads and checks the file at `path` and its drop-ins. Relative paths in a file are relative to its directory.
    ///
    /// - Throws: all problems of all files at once.
    package static func load(path: String) throws(ConfigurationError) -> Settings {
        var cursors: [Cursor] = []
        var problems: [Problem] = []
        for file in try files(of: path) {
            do throws(SyntaxProblem) {
                if let cursor = try parse(file) {
                    cursors.append(cursor)
                } else if file == path {
                    throw SyntaxProblem(.start, "is empty: there is nothing to watch")
                }
            } catch {
                problems.append(Problem(file: file, error))
            }
        }
        guard problems.isEmpty, var root = cursors.first else { throw ConfigurationError(problems: problems) }
        root.additions = Array(cursors.dropFirst())
        let settings = SettingsSection.read(root)
        problems = cursors.flatMap(\.reading.problemsInOrder)
        guard problems.isEmpty else { throw ConfigurationError(problems: problems) }
        guard var settings else {
            preconditionFailure("a section gave nothing and reported nothing")
        }
        settings.namedFiles = cursors.flatMap(\.reading.namedFiles)
        return settings
    }

    /// The file at `path`, then the files `conf.d/*.yaml` beside it in the order of their names' bytes.
    ///
    /// - Throws: a problem when the directory cannot be listed.
    package static func files(of path: String) throws(ConfigurationError) -> [String] {
        let directory = (path.lastIndex(of: "/").map { String(path[...$0]) } ?? "") + dropInDirectory
        do throws(RegularFile.Failure) {
            return [path] + (try GlobPattern(GlobPattern.literal(directory) + "/*.yaml").paths())
        } catch {
            let problem = SyntaxProblem(.start, error.clause)
            throw ConfigurationError(problems: [Problem(file: directory, problem)])
        }
    }

    /// The documents of the file at `path` and of its drop-ins, with the bases of their relative paths.
    ///
    /// - Throws: a problem of one of the files.
    static func documents(of path: String) throws -> [(root: Node, base: BaseDirectory)] {
        try files(of: path).compactMap { file in
            try YAMLDocument(parsing: text(of: file)).root.map { ($0, BaseDirectory(ofFile: file)) }
        }
    }

    /// nil for a file that contains only comments.
    private static func parse(_ file: String) throws(SyntaxProblem) -> Cursor? {
        let document = try YAMLDocument(parsing: text(of: file))
        let reading = Reading(file: file, base: BaseDirectory(ofFile: file), renamedKeys: document.renamedKeys)
        return document.root.map { Cursor(node: $0, path: "", reading: reading) }
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

extension Problem {
    fileprivate init(file: String, _ problem: SyntaxProblem) {
        self.init(
            file: file, line: problem.position.line, column: problem.position.column, path: "",
            message: problem.message)
    }
}
