import Certificates

/// A place of a registration on disk: a file, a directory (recursive) or a glob.
package struct FileSource: Hashable, Sendable {
    /// The registration's name.
    package let registration: String
    package let pattern: PathPattern
    /// The file with the passphrase of its key stores. Each scan reads it again.
    package let passphraseFile: FilePath?
    /// What is left out below a directory and of a glob. A file that the pattern names outright is never left out.
    package let exclusion: PathExclusion

    package init(
        registration: String, pattern: PathPattern, passphraseFile: FilePath? = nil,
        excluding exclusion: PathExclusion = .none
    ) {
        self.registration = registration
        self.pattern = pattern
        self.passphraseFile = passphraseFile
        self.exclusion = exclusion
    }
}
