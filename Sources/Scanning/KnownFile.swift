import Certificates

/// A file as the ledger remembers it.
package struct KnownFile: Hashable, Sendable {
    package let path: FilePath
    /// nil: read it again, whatever it looks like.
    package let changeKey: ChangeKey?

    package init(path: FilePath, changeKey: ChangeKey?) {
        self.path = path
        self.changeKey = changeKey
    }
}

/// Some of what the ledger remembers of one source, so that no scan has to hold all of it.
package struct KnownPage: Hashable, Sendable {
    /// In ascending order of their paths, without gaps after the position that the page was asked for.
    package let files: [KnownFile]
    /// Whether nothing is remembered beyond it.
    package let isLast: Bool

    package init(files: [KnownFile], isLast: Bool) {
        self.files = files
        self.isLast = isLast
    }

    /// No memory at all, as at the first scan.
    package static let empty = KnownPage(files: [], isLast: true)
}
