import CertificateDecoding
import Certificates

/// Reads files without a ledger, for commands that show the current content.
package struct FileSearch {
    private let decoder: CertificateDecoder
    private let helper: CertificateDecoder?
    private let limits: ScanLimits

    /// With a `helper`, which must be a separate decoder, a second thread decodes files.
    package init(
        decoder: CertificateDecoder, helper: CertificateDecoder? = nil, limits: ScanLimits = ScanLimits()
    ) {
        self.decoder = decoder
        self.helper = helper
        self.limits = limits
    }

    /// Passes each file below `pattern` with certificates, revocation lists or defects to `body`, in the order of
    /// paths. A file or directory that cannot be read and may contain certificates is a bundle with only its defect.
    ///
    /// - Returns: the number of files, or why the source as a whole could not be read.
    package func bundles(
        in pattern: PathPattern, passphraseFile: FilePath? = nil, excluding exclusion: PathExclusion = .none,
        _ body: (FilePath, CertificateBundle) throws -> Void
    ) rethrows -> ScanOutcome {
        let source = FileSource(
            registration: "", pattern: pattern, passphraseFile: passphraseFile, excluding: exclusion)
        // Without a ledger, the time of a change is irrelevant.
        let scan = SourceScan(
            source: source, decoder: decoder, helper: helper, limits: limits, fileClock: Instant(seconds: 0))
        while true {
            let batch = scan.next(page: .empty) { _ in false }
            for event in batch.events {
                switch event {
                case .read(let path, _, let container):
                    let bundle = CertificateBundle(container)
                    if bundle != CertificateBundle() { try body(path, bundle) }
                case .unreadable(let path, let defect):
                    try body(path, CertificateBundle(defects: [defect]))
                case .skipped, .gone:
                    continue
                }
            }
            if let outcome = batch.outcome { return outcome }
        }
    }
}
