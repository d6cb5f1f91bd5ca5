import CertificateDecoding
import Certificates

/// Looks through files without any memory, for commands that tell what is there now.
package struct FileSearch {
    private let decoder: CertificateDecoder
    private let helper: CertificateDecoder?
    private let limits: ScanLimits

    /// With a `helper`, a decoder of its own, a second thread decodes files.
    package init(
        decoder: CertificateDecoder, helper: CertificateDecoder? = nil, limits: ScanLimits = ScanLimits()
    ) {
        self.decoder = decoder
        self.helper = helper
        self.limits = limits
    }

    /// Hands each file below `pattern` that holds certificates or revocation lists or has defects to `body`, in the order of
    /// their paths. A file
    /// or directory that cannot be read, and may hold certificates, is a bundle with its defect alone.
    ///
    /// - Returns: how many files there were, or why the source as a whole could not be looked at.
    package func bundles(
        in pattern: PathPattern, passphraseFile: FilePath? = nil, _ body: (FilePath, CertificateBundle) throws -> Void
    ) rethrows -> ScanOutcome {
        let source = FileSource(registration: "", pattern: pattern, passphraseFile: passphraseFile)
        // Without memory, when a file has changed makes no difference.
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
