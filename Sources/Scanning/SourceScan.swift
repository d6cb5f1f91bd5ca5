import CertificateDecoding
import Certificates
import Glibc

/// One scan of one source: its files on disk, merged with the files in the ledger, both in the order of paths.
///
/// Because both sides are sorted, a scan keeps only one page of stored files and the names of the directories on the
/// current path in memory. It checks the status of an unchanged file and does not open it. Only one thread at a time
/// may use it.
package final class SourceScan {
    private let source: FileSource
    private let limits: ScanLimits
    private let decoder: CertificateDecoder
    /// Files that changed later than this are read again next time.
    private let settledBefore: Int64
    private let passphrase: Passphrase
    /// The pattern of the source.
    private let glob: PathGlob

    private var reader: FileReader
    private let parallel: ParallelDecoding?
    private var walk: ReferenceWalk?
    private let isSingleFile: Bool
    private var pending: WalkItem?
    private var lost: Defect?
    /// The files that the scan has come to, read or unchanged.
    package private(set) var fileCount = 0
    private var isAnythingKnown = false
    /// The last directory that could not be listed, and why.
    private var unlisted: (directory: FilePath, defect: Defect)?
    private lazy var holdsFiles = fileCount > 0 || Self.holdsFiles(source, limits)

    /// Opens the source.
    ///
    /// - Parameters:
    ///   - source: the source.
    ///   - decoder: a decoder, which consecutive scans on one thread can share.
    ///   - helper: another decoder, with which a second thread decodes files. Then no certificate may be known.
    ///   - limits: the limits of the scan.
    ///   - fileClock: the real time at the start of the scan, also in a rehearsal. It is compared with the times of
    ///     files, since a file that changed within the last two seconds may change again unnoticed.
    package init(
        source: FileSource, decoder: CertificateDecoder, helper: CertificateDecoder? = nil,
        limits: ScanLimits = ScanLimits(), fileClock: Instant
    ) {
        self.source = source
        self.limits = limits
        self.decoder = decoder
        self.settledBefore = (fileClock - TimeSpan(seconds: 2)).seconds &* 1_000_000_000
        self.passphrase = Passphrase(file: source.passphraseFile)
        self.reader = FileReader(limit: limits.fileBytes)
        // A source with a passphrase contains key stores and not PEM.
        parallel = source.passphraseFile == nil ? helper.map { ParallelDecoding($0) } : nil
        let glob = PathGlob(source.pattern)
        switch SourceRoot(source.pattern, excluding: source.exclusion, limits: limits) {
        case .open(let walk):
            self.walk = ReferenceWalk(walk)
            self.isSingleFile = walk is SingleFileWalk
            self.glob =
                glob.components.isEmpty && !(walk is SingleFileWalk) ? PathGlob(everythingBelow: glob.root) : glob
        case .lost(let defect):
            self.isSingleFile = false
            self.glob = glob
            self.lost = defect
        }
    }

    /// Continues to the end of `page`, or until a batch is full.
    ///
    /// - Parameters:
    ///   - page: the stored files after the position of the last batch, or from the start for the first one.
    ///   - knows: whether a certificate is in the ledger and so need not be decoded.
    /// - Returns: the events up to its position, in the order of paths.
    package func next(page: KnownPage, knows: (Fingerprint) -> Bool) -> ScanBatch {
        let batch = collect(page: page, knows: knows)
        guard let parallel, parallel.bytes > 0 else { return batch }
        var events = batch.events
        parallel.finish(by: decoder) { index, container, content in
            guard events.indices.contains(index), case .read(let path, let changeKey, _) = events[index] else { return }
            let defects = content.map { emptiness(of: path, $0) }
            events[index] = .read(
                path, changeKey: changeKey, defects.map { DecodedContainer(defects: $0) } ?? container)
        }
        return ScanBatch(events: events, position: batch.position, outcome: batch.outcome)
    }

    /// Collects the batch. The containers of files that `parallel` has taken are still empty.
    private func collect(page: KnownPage, knows: (Fingerprint) -> Bool) -> ScanBatch {
        var events: [FileEvent] = []
        var certificates = 0
        var position: FilePath?
        var known = page.files[...]
        isAnythingKnown = isAnythingKnown || !known.isEmpty
        while lost == nil, events.count < limits.eventsPerBatch,
            certificates + (parallel?.bytes ?? 0) / Self.bytesOfCertificate < limits.certificatesPerBatch
        {
            switch step(known, isLastPage: page.isLast) {
            case .endOfPage:
                return ScanBatch(events: events, position: position, outcome: nil)
            case .end:
                return ScanBatch(events: events, position: position, outcome: outcome)
            case .missing(let file):
                known.removeFirst()
                position = file.path
                if isGone(file.path) { events.append(.gone(file.path)) }
            case .present(let item, let file):
                if file != nil { known.removeFirst() }
                position = item.position
                guard let event = event(item, at: events.count, remembered: file?.changeKey, knows: knows) else {
                    continue
                }
                if case .read(_, _, let container) = event { certificates += container.entries.count }
                events.append(event)
            }
        }
        return ScanBatch(events: lost == nil ? events : [], position: position, outcome: lost.map { .lost($0) })
    }

    /// The smallest size of a certificate in PEM.
    private static let bytesOfCertificate = 512

    /// The next step in the order of paths.
    private enum Step {
        /// A file on disk, which may be stored as well.
        case present(WalkItem, KnownFile?)
        /// A stored file that is not on disk.
        case missing(KnownFile)
        case endOfPage
        case end
    }

    private func step(_ known: ArraySlice<KnownFile>, isLastPage: Bool) -> Step {
        if pending == nil { pending = walk?.next() }
        let file = known.first
        guard let item = pending else {
            return file.map { .missing($0) } ?? (isLastPage ? .end : .endOfPage)
        }
        // The item may be stored in the next page.
        guard file != nil || isLastPage else { return .endOfPage }
        if let file, file.path < item.position { return .missing(file) }
        pending = nil
        return .present(item, file?.path == item.position ? file : nil)
    }
}

extension SourceScan {
    private var outcome: ScanOutcome {
        guard fileCount == 0 else { return .seen(files: fileCount) }
        if let unlisted { return .lost(unlisted.defect) }
        if source.pattern.isGlob { return .lost(Defect(.emptyGlob, "no file matches the pattern")) }
        guard isAnythingKnown else { return .seen(files: 0) }
        return .lost(Defect(.emptyDirectory, "the directory holds no files any more"))
    }

    /// Whether a stored file that the walk did not find is gone. It is not if its directory could not be read, or if
    /// the whole source looks empty: then a volume is probably not mounted.
    private func isGone(_ path: FilePath) -> Bool {
        if let unlisted, path.isWithin(unlisted.directory) { return false }
        return holdsFiles && !isStillNamed(path)
    }

    /// Whether another file may still name this one, also if that cannot be determined.
    private func isStillNamed(_ path: FilePath) -> Bool {
        guard let (referrer, _) = path.reference else { return false }
        do throws(FileReader.Failure) {
            return try references(of: referrer).contains { referrer.referring(to: referrer.sibling($0)) == path }
        } catch {
            return error.defect.reason != .notFound
        }
    }

    private func references(of file: FilePath) throws(FileReader.Failure) -> [FilePath] {
        _ = try reader.read(try file.openedIfRegular())
        return decoder.references(in: Array(reader.buffer.prefix(reader.count)))
    }

    private static func holdsFiles(_ source: FileSource, _ limits: ScanLimits) -> Bool {
        guard case .open(let walk) = SourceRoot(source.pattern, excluding: source.exclusion, limits: limits) else {
            return false
        }
        while let item = walk.next() {
            if case .file = item { return true }
        }
        return false
    }

    /// The event for an item. `index` is the event's index in its batch.
    private func event(
        _ item: WalkItem, at index: Int, remembered: ChangeKey?, knows: (Fingerprint) -> Bool
    ) -> FileEvent? {
        switch item {
        case .flawed(let path, let defect):
            return unreadable(path, defect)
        case .unlisted(let directory, let defect):
            unlisted = (directory, defect)
            return PlaceName.mayHoldCertificates(directory: directory)
                ? .unreadable(directory, defect) : .skipped(directory, defect)
        case .bypassed(let directory, let defect):
            unlisted = (directory, defect)
            return .skipped(directory, defect)
        case .file(let path):
            fileCount += 1
            if isUnchanged(since: remembered) { return nil }
            do throws(FileReader.Failure) {
                return try readWithReferences(path, at: index, knows: knows)
            } catch {
                if isSingleFile { lost = error.defect }
                // The file was listed and has been removed since. The next scan reports it.
                return error.defect.reason == .notFound ? nil : unreadable(path, error.defect)
            }
        case .referenced(let path):
            if isUnchanged(since: remembered) { return nil }
            do throws(FileReader.Failure) {
                let changeKey = try read()
                return .read(path, changeKey: changeKey, decoded(knows: knows))
            } catch {
                return .unreadable(path, error.defect)
            }
        }
    }

    /// The event for an unreadable file, by its name. A file that a kubeconfig names should contain certificates,
    /// whatever its name.
    private func unreadable(_ path: FilePath, _ defect: Defect) -> FileEvent {
        path.reference != nil || glob.expectsCertificates(inFile: path)
            ? .unreadable(path, defect) : .skipped(path, defect)
    }

    /// Whether the file is unchanged. A file with a passphrase is always read, since a new passphrase can change the
    /// result without a change of the file.
    private func isUnchanged(since remembered: ChangeKey?) -> Bool {
        guard source.passphraseFile == nil, let remembered, let status = walk?.currentStatus() else { return false }
        return remembered == ChangeKey(status)
    }

    /// Reads a file, and lets the walk visit the files that it names. These can change when the file itself does not,
    /// so it is read each time.
    private func readWithReferences(
        _ path: FilePath, at index: Int, knows: (Fingerprint) -> Bool
    ) throws(FileReader.Failure) -> FileEvent {
        let changeKey = try read()
        if let parallel, parallel.take(reader.buffer.span.extracting(0..<reader.count), event: index) {
            return .read(path, changeKey: changeKey, DecodedContainer())
        }
        var container = decoded(knows: knows)
        if container == DecodedContainer() {
            let content = ForeignContent(of: reader.buffer.span.extracting(0..<reader.count))
            container.defects = emptiness(of: path, content)
        }
        walk?.follow(container.references, from: path)
        return .read(path, changeKey: container.references.isEmpty ? changeKey : nil, container)
    }

    /// The defect of a file without certificates, if the pattern names it or its name suggests a certificate.
    private func emptiness(of path: FilePath, _ content: ForeignContent) -> [Defect] {
        let isFlaw =
            switch PlaceName(ofFile: path) {
            case .certificates: true
            case .container: isSingleFile || !content.isRecognized
            case .suggestive, .key, .other: isSingleFile
            }
        return isFlaw ? [Defect(.noCertificate, content.sentence)] : []
    }

    /// Reads the walk's current file.
    ///
    /// - Returns: nil if the file may still be changing.
    private func read() throws(FileReader.Failure) -> ChangeKey? {
        let content = try reader.read(walk?.openCurrent() ?? -1)
        return content.changeKey.changed < settledBefore ? content.changeKey : nil
    }

    private func decoded(knows: (Fingerprint) -> Bool) -> DecodedContainer {
        var container = decoder.decode(
            reader.buffer.span.extracting(0..<reader.count), knows: knows, passphrase: passphrase.secret)
        container.defects = passphrase.explained(container.defects)
        return container
    }
}
