import CertificateDecoding
import Certificates
import Fetching
import Scanning

/// A look at places without memory: what `check` does.
package struct Search {
    /// What was met, in the order of paths.
    package enum Finding: Sendable {
        case object(WatchedObject, der: [UInt8], Location)
        /// Its message names the path.
        case defect(FilePath, Defect)
    }

    private let decoder: CertificateDecoder
    private let files: FileSearch

    /// - Throws: `OpenSSLError` where OpenSSL has no SHA-256.
    package init() throws {
        decoder = try CertificateDecoder(keepsEncodings: true)
        files = FileSearch(decoder: decoder)
    }

    /// Looks at one place and hands over all that it holds.
    ///
    /// - Throws: what `body` throws.
    package func look(
        at pattern: PathPattern, passphraseFile: FilePath? = nil, _ body: (Finding) throws -> Void
    ) throws {
        let outcome = try files.bundles(in: pattern, passphraseFile: passphraseFile) { path, bundle in
            try handOver(bundle, of: path, at: { .file(path, index: $0) }, to: body)
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
            let bundle = CertificateBundle(decoder.decode(bytes.span))
            try handOver(bundle, of: path, at: { .fetched(place: place, index: $0) }, to: body)
        case .unchanged: break
        case .failed(let defect): try body(.defect(path, defect.naming(path)))
        }
    }

    private func handOver(
        _ bundle: CertificateBundle, of path: FilePath, at location: (Int) -> Location,
        to body: (Finding) throws -> Void
    ) rethrows {
        let lists = bundle.revocationLists.map(WatchedObject.revocationList)
        for objects in [bundle.certificates.map(WatchedObject.certificate), lists] {
            for (index, object) in objects.enumerated() {
                let der = bundle.encodings[object.fingerprint] ?? []
                try body(.object(object, der: der, location(index)))
            }
        }
        for defect in bundle.defects { try body(.defect(path, defect.naming(path))) }
    }
}
