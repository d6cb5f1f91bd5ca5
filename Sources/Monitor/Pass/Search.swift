import CertificateDecoding
import Certificates
import Fetching
import Scanning

/// A look at places without memory: what `check` does.
package struct Search {
    /// What was met, in the order of paths.
    package enum Finding: Sendable {
        case certificate(Certificate, Location)
        case revocationList(RevocationList, Location)
        /// Its message names the path.
        case defect(FilePath, Defect)
    }

    private let decoder: CertificateDecoder
    private let files: FileSearch

    /// - Throws: `OpenSSLError` where OpenSSL has no SHA-256.
    package init() throws {
        decoder = try CertificateDecoder()
        files = FileSearch(decoder: decoder)
    }

    /// Looks at one place and hands over all that it holds.
    ///
    /// - Throws: what `body` throws.
    package func look(
        at pattern: PathPattern, passphraseFile: FilePath? = nil, _ body: (Finding) throws -> Void
    ) throws {
        let outcome = try files.bundles(in: pattern, passphraseFile: passphraseFile) { path, bundle in
            for (index, certificate) in bundle.certificates.enumerated() {
                try body(.certificate(certificate, .file(path, index: index)))
            }
            for (index, list) in bundle.revocationLists.enumerated() {
                try body(.revocationList(list, .file(path, index: index)))
            }
            for defect in bundle.defects { try body(.defect(path, defect.naming(path))) }
        }
        if case .lost(let defect) = outcome {
            let place = FilePath(pattern.text)
            try body(.defect(place, defect.naming(place)))
        }
    }

    /// Hands over all that was fetched from `place`.
    ///
    /// - Throws: what `body` throws.
    package func look(into fetched: Fetched, from place: String, _ body: (Finding) throws -> Void) throws {
        let path = FilePath(place)
        switch fetched {
        case .content(let bytes, _):
            let container = decoder.decode(bytes.span)
            for (index, certificate) in container.entries.compactMap(\.certificate).enumerated() {
                try body(.certificate(certificate, .fetched(place: place, index: index)))
            }
            for defect in container.defects { try body(.defect(path, defect.naming(path))) }
        case .unchanged: break
        case .failed(let defect): try body(.defect(path, defect.naming(path)))
        }
    }
}
