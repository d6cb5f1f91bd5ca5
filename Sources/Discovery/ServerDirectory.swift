import FileReading
import Scanning

/// A base directory of relative paths in a server's configuration. Absolute paths begin at the root of its system.
struct ServerDirectory: Sendable {
    let root: SystemRoot
    private let directory: BaseDirectory

    /// The directory of `file`, a path on this machine.
    init(ofFile file: String, in root: SystemRoot) {
        self.root = root
        directory = BaseDirectory(ofFile: file)
    }

    private init(_ directory: BaseDirectory, in root: SystemRoot) {
        self.root = root
        self.directory = directory
    }

    /// A path of the configuration as an absolute path on this machine.
    func absolute(_ text: String) -> String {
        directory.absolute(text.hasPrefix("/") ? root.located(text) : text)
    }

    /// The directory that `text` names.
    func directory(_ text: String) -> ServerDirectory {
        ServerDirectory(directory.directory(text.hasPrefix("/") ? root.located(text) : text), in: root)
    }

    /// `text`, which may be a glob, as an absolute glob on this machine.
    func pattern(_ text: String) -> String {
        let isAbsolute = text.hasPrefix("/")
        return GlobPattern.literal(isAbsolute ? root.path : directory.path + "/") + text
    }
}
