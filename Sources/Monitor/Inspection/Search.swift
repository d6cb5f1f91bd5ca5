import CertificateDecoding
import Certificates
import SourceReading
import Scanning

/// Reads places without a ledger, for `check`.
package struct Search {
    /// An object or a defect, in the order of paths.
    package enum Item: Sendable {
        case object(WatchedObject, der: [UInt8], Location)
        /// Its message names the path.
        case defect(FilePath, Defect)
    }

    private let decoder: CertificateDecoder
    private let files: FileSearch
    private let progress: WorkProgress

    /// Counts each file with content in `progress`.
    ///
    /// - Throws: `OpenSSLError` when OpenSSL has no SHA-256.
    package init(counting progress: WorkProgress = WorkProgress()) throws {
        self.progress = progress
        decoder = try CertificateDecoder(keepsEncodings: true)
        files = FileSearch(decoder: decoder, helper: try CertificateDecoder(keepsEncodings: true))
    }

    /// Reads one place and passes all its content to `body`. A place without anything to watch is a defect.
    ///
    /// - Parameters:
    ///   - pattern: the place.
    ///   - passphraseFile: the file of the passphrase for its key stores.
    ///   - exclusion: what is left out below a directory and of a glob.
    ///   - role: the role of the registration that names the place; nil for a place without a registration.
    ///   - body: receives each certificate, revocation list and defect.
    /// - Throws: what `body` throws.
    package func read(
        at pattern: PathPattern, passphraseFile: FilePath? = nil, excluding exclusion: PathExclusion = .none,
        for role: Role? = nil, _ body: (Item) throws -> Void
    ) throws {
        var place = Place(FilePath(pattern.text), role)
        let outcome = try files.bundles(in: pattern, passphraseFile: passphraseFile, excluding: exclusion) {
            path, bundle in
            progress.advance()
            try place.take(bundle, at: { .file(path, index: $0) }, named: path, body)
        }
        if case .lost(let defect) = outcome {
            try place.conclude(defect, body)
        } else {
            try place.conclude(Defect(.noCertificate, "no \(place.noun) is there"), body)
        }
    }

    /// Passes all that was fetched from `name` for a registration of `role` to `body`. Content without anything to
    /// watch is a defect.
    ///
    /// - Throws: what `body` throws.
    package func read(
        into fetched: Fetched, from name: String, for role: Role? = nil, _ body: (Item) throws -> Void
    ) throws {
        var place = Place(FilePath(name), role)
        switch fetched {
        case .content(let bytes, _):
            let bundle = CertificateBundle(decoder.decode(bytes.span))
            try place.take(bundle, at: { .fetched(place: name, index: $0) }, named: FilePath(name), body)
            try place.conclude(Defect(.noCertificate, ForeignContent(of: bytes.span).sentence), body)
        case .unchanged: break
        case .failed(let defect): try place.conclude(defect, body)
        }
    }

    /// What a place has contained so far.
    private struct Place {
        private let path: FilePath
        private let role: Role?
        private var isSilent = true

        init(_ path: FilePath, _ role: Role?) {
            self.path = path
            self.role = role
        }

        /// The kind of object that the place should contain.
        var noun: String { role == .revocationList ? "revocation list" : "certificate" }

        /// Passes on the content of one file or answer. Certificates beside registered revocation lists are skipped.
        mutating func take(
            _ bundle: CertificateBundle, at location: (Int) -> Location, named name: FilePath,
            _ body: (Item) throws -> Void
        ) rethrows {
            if role != .revocationList {
                for (index, certificate) in bundle.certificates.enumerated() {
                    try pass(.certificate(certificate), of: bundle, at: location(index), body)
                }
            }
            for (index, list) in bundle.revocationLists.enumerated() {
                try pass(.revocationList(list), of: bundle, at: location(index), body)
            }
            for defect in bundle.defects { try pass(.defect(name, defect.naming(name)), body) }
        }

        /// Passes on `defect` of the place as a whole, unless an object or defect was passed on before.
        func conclude(_ defect: Defect, _ body: (Item) throws -> Void) rethrows {
            if isSilent { try body(.defect(path, defect.naming(path))) }
        }

        private mutating func pass(
            _ object: WatchedObject, of bundle: CertificateBundle, at location: Location,
            _ body: (Item) throws -> Void
        ) rethrows {
            try pass(.object(object, der: bundle.encodings[object.fingerprint] ?? [], location), body)
        }

        private mutating func pass(_ item: Item, _ body: (Item) throws -> Void) rethrows {
            isSilent = false
            try body(item)
        }
    }
}
