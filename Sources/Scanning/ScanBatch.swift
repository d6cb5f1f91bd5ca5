import CertificateDecoding
import Certificates

/// What a scan tells of one path. A file that is as it was remembered is no event.
package enum FileEvent: Hashable, Sendable {
    /// The file is new, or it has changed.
    ///
    /// `changeKey` is nil when the file may still be changing: it is read again next time, and that a certificate is not
    /// in it any more proves nothing yet, since half a file may have been read.
    case read(FilePath, changeKey: ChangeKey?, DecodedContainer)
    /// The file, or the whole directory, cannot be read. What is known of it, or below it, stays known.
    case unreadable(FilePath, Defect)
    /// The file or directory cannot be read, and nothing says that it holds a certificate: a key that is closed on purpose, a
    /// socket, a huge log. It is trouble only where certificates were seen there.
    case skipped(FilePath, Defect)
    /// The file is remembered and is no longer there, although the place where it was could be looked at.
    case gone(FilePath)
}

/// What a scan as a whole has to say of its source.
package enum ScanOutcome: Hashable, Sendable {
    /// The source was looked at and holds this many regular files.
    case seen(files: Int)
    /// The source is lost from sight: nothing below it is `gone`, and nothing that was known of it has changed.
    case lost(Defect)
}

/// One step of a scan: the events up to a position in the order of paths.
package struct ScanBatch: Hashable, Sendable {
    package let events: [FileEvent]
    /// The path up to which all is settled: ask the ledger for the page after it. nil before the first path.
    package let position: FilePath?
    /// nil until the scan has come to its end.
    package let outcome: ScanOutcome?
}
