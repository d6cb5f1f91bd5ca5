import CertificateDecoding
import Certificates

/// An event of a scan about one path. An unchanged file causes no event.
package enum FileEvent: Hashable, Sendable {
    /// The file is new, or it has changed.
    ///
    /// `changeKey` is nil if the file may still be changing. Then it is read again next time, and a missing certificate
    /// proves nothing yet, since only half of the file may have been read.
    case read(FilePath, changeKey: ChangeKey?, DecodedContainer)
    /// The file or the whole directory cannot be read. Earlier observations of it, or below it, stay.
    case unreadable(FilePath, Defect)
    /// The file or directory cannot be read, and nothing suggests that it contains a certificate, as for a key that is
    /// closed on purpose, a socket, or a huge log. It is reported only if certificates were seen there before.
    case skipped(FilePath, Defect)
    /// A stored file no longer exists, and its directory could be read.
    case gone(FilePath)
}

/// The outcome of a scan for the source as a whole.
package enum ScanOutcome: Hashable, Sendable {
    /// The source was read and has this many regular files.
    case seen(files: Int)
    /// The source could not be read. Nothing below it is `gone`, and earlier observations stay.
    case lost(Defect)
}

/// One step of a scan: the events up to a position in the order of paths.
package struct ScanBatch: Hashable, Sendable {
    package let events: [FileEvent]
    /// The path up to which the scan is complete. The next page starts after it. nil before the first path.
    package let position: FilePath?
    /// nil until the scan is complete.
    package let outcome: ScanOutcome?
}
