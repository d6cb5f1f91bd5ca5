import CertificateDecoding
import Certificates
import Scanning

/// A look at places without memory: what `check` and `inspect` do.
package enum Search {
    /// What was met, in the order of paths.
    package enum Finding: Sendable {
        case certificate(Certificate, Location)
        case defect(FilePath, Defect)
    }

    /// Looks at one place and hands over all that it holds.
    ///
    /// - Throws: `OpenSSLError` where there is no SHA-256, or what `body` throws.
    package static func look(at source: FileSource, _ body: (Finding) throws -> Void) throws {
        let scan = try SourceScan(source: source, now: SystemTime().now)
        while true {
            let batch = scan.next(page: .empty, knows: { _ in false })
            for event in batch.events { try report(event, body) }
            switch batch.outcome {
            case .lost(let defect):
                let place = FilePath(source.pattern.text)
                return try body(.defect(place, defect))
            case .seen: return
            case nil: continue
            }
        }
    }

    private static func report(_ event: FileEvent, _ body: (Finding) throws -> Void) throws {
        switch event {
        case .read(let path, _, let container):
            for (index, entry) in container.entries.enumerated() {
                guard let certificate = entry.certificate else { continue }
                try body(.certificate(certificate, .file(path, index: index)))
            }
            for defect in container.defects { try body(.defect(path, defect.naming(path))) }
        case .unreadable(let path, let defect): try body(.defect(path, defect.naming(path)))
        case .gone: break
        }
    }
}
