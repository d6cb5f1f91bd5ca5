import Certificates

/// Where one registration looks on disk: a file, a directory (recursive) or a glob.
package struct FileSource: Hashable, Sendable {
    /// The registration's name.
    package let registration: String
    package let pattern: PathPattern
    /// Where the passphrase of its key stores stands; read anew by each scan.
    package let passphraseFile: FilePath?

    package init(registration: String, pattern: PathPattern, passphraseFile: FilePath? = nil) {
        self.registration = registration
        self.pattern = pattern
        self.passphraseFile = passphraseFile
    }
}
