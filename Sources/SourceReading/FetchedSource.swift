import CertificateDecoding
import Certificates
import LedgerStorage

/// A source whose content is fetched whole, such as the output of a command. It is recorded like a file's content.
package protocol FetchedSource: Source {
    static var kind: SourceKey.Kind { get }
    /// The registration's name.
    var registration: String { get }
    /// The name of the place, for people and as part of its key.
    var place: String { get }

    /// Reads the place. `validator` is that of the known content; nil reads it in any case.
    func fetch(validator: [UInt8]?, by urls: URLFetcher) async -> Fetched
}

extension FetchedSource {
    package var key: SourceKey { SourceKey(kind: Self.kind, registration: registration, place: place) }

    package func observe(by recorder: SourceRecorder) async throws -> SourceOutcome {
        let known = try await recorder.recalling { try $0.files(after: nil, limit: 1).first?.changeKey }
        let path = FilePath(place)
        switch await fetch(validator: known, by: recorder.observer.urls) {
        case .content(let bytes, let validator):
            var container = try CertificateDecoder(keepsEncodings: true).decode(bytes.span)
            if container == DecodedContainer() {
                container.defects = [Defect(.noCertificate, ForeignContent(of: bytes.span).sentence)]
            }
            let change = PathChange.read(
                path, changeKey: validator, sightings: container.sightings(for: recorder.role),
                encodings: container.encodings, defects: container.defects.map { $0.naming(path) })
            try await recorder.record([change])
            return .seen
        case .unchanged: return .seen
        case .failed(let defect): return .lost(defect.naming(path))
        }
    }
}

extension CommandSource: FetchedSource {
    package static let kind = SourceKey.Kind.command

    package func fetch(validator: [UInt8]?, by urls: URLFetcher) async -> Fetched { await CommandFetcher().fetch(self) }
}

extension URLSource: FetchedSource {
    package static let kind = SourceKey.Kind.url

    package func fetch(validator: [UInt8]?, by urls: URLFetcher) async -> Fetched {
        await urls.fetch(self, validator: validator)
    }
}
