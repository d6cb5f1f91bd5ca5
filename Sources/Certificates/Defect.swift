/// An element that was read and could not be decoded, or a place that could not be read.
package struct Defect: Hashable, Sendable {
    /// The closed set of reasons. Raw values are part of the JSON contract.
    package enum Reason: String, Hashable, Sendable, Codable, CaseIterable {
        // The file
        case notFound = "not_found"
        case permissionDenied = "permission_denied"
        case readFailed = "read_failed"
        case danglingLink = "dangling_link"
        case linkOutsideRoot = "link_outside_root"
        case notRegularFile = "not_a_regular_file"
        case tooLarge = "too_large"
        case tooDeep = "too_deep"
        // The content
        case badPEM = "bad_pem"
        case badDER = "bad_der"
        case badExtension = "bad_extension"
        case badKeyStore = "bad_key_store"
        case encrypted = "encrypted"
        case passphraseMissing = "passphrase_missing"
        case badPassphrase = "bad_passphrase"
        case unsupportedEncryption = "unsupported_encryption"
        case iterationLimit = "iteration_limit"
        case noCertificateFound = "no_certificate_found"
        /// The place should contain a certificate, and nothing in it looks like one.
        case noCertificate = "no_certificate"
        case unreadableDate = "unreadable_date"
        // The place
        case emptyGlob = "empty_glob"
        case emptyDirectory = "empty_directory"
    }

    package let reason: Reason
    /// One sentence for a person: the problem and its subject.
    package let message: String

    package init(_ reason: Reason, _ message: String) {
        self.reason = reason
        self.message = message
    }
}

extension Defect.Reason {
    /// The kind of subject of a defect.
    package enum Concern: Hashable, Sendable {
        /// The file itself, which could not be read.
        case file
        /// The content of the file.
        case content
        /// The registered place.
        case source
    }

    package var concern: Concern {
        switch self {
        case .notFound, .permissionDenied, .readFailed, .danglingLink, .linkOutsideRoot, .notRegularFile, .tooLarge,
            .tooDeep:
            .file
        case .badPEM, .badDER, .badExtension, .badKeyStore, .encrypted, .passphraseMissing, .badPassphrase,
            .unsupportedEncryption, .iterationLimit, .noCertificateFound, .noCertificate, .unreadableDate:
            .content
        case .emptyGlob, .emptyDirectory: .source
        }
    }
}
