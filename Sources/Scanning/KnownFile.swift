import Certificates

/// A file in the ledger.
package struct KnownFile: Hashable, Sendable {
    package let path: FilePath
    /// nil if the file must be read again in any case.
    package let changeKey: ChangeKey?

    package init(path: FilePath, changeKey: ChangeKey?) {
        self.path = path
        self.changeKey = changeKey
    }
}

/// A page of the stored files of one source, so that a scan need not load all of them.
package struct KnownPage: Hashable, Sendable {
    /// In ascending order of paths, without gaps after the requested position.
    package let files: [KnownFile]
    /// Whether there are no further stored files.
    package let isLast: Bool

    package init(files: [KnownFile], isLast: Bool) {
        self.files = files
        self.isLast = isLast
    }

    /// No stored files, as at the first scan.
    package static let empty = KnownPage(files: [], isLast: true)
}
