/// A configuration file in YAML, read once at the edge: below it there are only `Settings`.
package enum SettingsFile {
    /// Reads and checks the file at `path`; relative paths in it are relative to its directory.
    ///
    /// - Throws: every problem of the file in one go.
    package static func load(path: String) throws(ConfigurationError) -> Settings {
        throw ConfigurationError(problems: [])
    }
}
