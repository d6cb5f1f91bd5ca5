import Certificates

/// Where one registration looks on disk: a file, a directory (recursive) or a glob.
package struct FileSource: Hashable, Sendable {
    /// The registration's name.
    package let registration: String
    package let pattern: PathPattern

    package init(registration: String, pattern: PathPattern) {
        self.registration = registration
        self.pattern = pattern
    }
}
