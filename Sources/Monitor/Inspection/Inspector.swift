import CertificateDecoding
import Certificates
import Probing
import Scanning
import SourceReading
import Verification

/// Decodes the content of given places in detail, without a ledger, for `inspect`.
package struct Inspector {
    /// The content of one file, stream or endpoint.
    package struct Container: Sendable {
        /// Its defects name the place.
        package let bundle: InspectedBundle
        /// A further remark for people, one sentence; nil when there is none.
        package let remark: String?
        private let place: Place

        /// The container's name for people.
        package var name: String { place.path.description }

        fileprivate enum Place {
            case file(FilePath)
            case endpoint(String)
            case standardInput

            /// The place's name for people.
            var path: FilePath {
                switch self {
                case .file(let path): path
                case .endpoint(let url): FilePath(url)
                case .standardInput: FilePath("standard input")
                }
            }
        }

        fileprivate init(_ place: Place, _ bundle: InspectedBundle, remark: String? = nil) {
            self.place = place
            self.bundle = bundle
            self.remark = remark
        }

        /// The place of the certificate or revocation list at `index` in the bundle.
        package func location(at index: Int) -> Location {
            switch place {
            case .file(let path): .file(path, index: index)
            case .endpoint(let url): .endpoint(name: url, index: index)
            case .standardInput: .standardInput(index: index)
            }
        }
    }

    private let inspector: CertificateInspector
    private let now: Instant

    /// - Throws: `OpenSSLError` when OpenSSL has no SHA-256.
    package init(at now: Instant) throws {
        inspector = try CertificateInspector()
        self.now = now
    }

    /// Passes each file with content or with a defect to `body`, in the order of paths.
    ///
    /// - Throws: what `body` throws; `OpenSSLError` when memory is short.
    package func read(
        at pattern: PathPattern, passphraseFile: FilePath?, _ body: (Container) throws -> Void
    ) throws {
        let files = FileSearch(decoder: inspector.decoder)
        let outcome = try files.bundles(in: pattern, passphraseFile: passphraseFile) { path, bundle in
            try body(container(.file(path), bundle))
        }
        if case .lost(let defect) = outcome {
            try body(container(.file(FilePath(pattern.text)), CertificateBundle(defects: [defect])))
        }
    }

    /// Decodes what was read from standard input.
    ///
    /// - Throws: `OpenSSLError` when memory is short.
    package func read(intoStandardInput bytes: [UInt8], passphraseFile: FilePath?) throws -> Container {
        let passphrase = Passphrase(file: passphraseFile)
        var bundle = inspector.decoder.bundle(bytes, passphrase: passphrase.secret)
        bundle.defects = passphrase.explained(bundle.defects)
        return try container(.standardInput, bundle)
    }

    /// Decodes the chain that a server presents, also if the handshake fails after that.
    ///
    /// - Throws: `OpenSSLError` when memory is short.
    package func read(into chain: PresentedChain, of url: String) throws -> Container {
        var bundle = inspector.decoder.bundle(presented: chain.certificates)
        guard chain.certificates.isEmpty else {
            return try container(.endpoint(url), bundle, remark: chain.trouble)
        }
        bundle.defects.append(Defect(.readFailed, chain.trouble ?? "presents no certificate"))
        return try container(.endpoint(url), bundle)
    }

    private func container(
        _ place: Container.Place, _ bundle: CertificateBundle, remark: String? = nil
    ) throws -> Container {
        var named = bundle
        named.defects = bundle.defects.map { $0.naming(place.path) }
        return Container(place, try inspector.inspect(named, at: now), remark: remark)
    }
}
