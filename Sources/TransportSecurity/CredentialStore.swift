import CertificateDecoding
import Certificates
import Dispatch
import FileReading
import OpenSSLBinding
import Synchronization

/// Reads TLS files again for every round, so that rotated files are used, and parses only changed ones, since parsing
/// is slower than a handshake.
package final class CredentialStore: Sendable {
    private struct Parsed<Value: Sendable>: Sendable {
        let digest: [UInt8]
        let value: Value
    }

    struct Trust: Sendable {
        let store: TrustStore
        let anchors: CertificateBundle
    }

    private struct Cache: Sendable {
        var trust: [String: Parsed<Trust>] = [:]
        /// Contains the parsed key, not the bytes of its file.
        var clients: [CredentialRound.ClientFiles: Parsed<Credentials.Client>] = [:]
    }

    /// Far more than any CA file needs. A larger file is something else.
    private static let byteLimit = 8 << 20

    private let cache = Mutex(Cache())

    package init() {}

    /// The current credentials of `files`, or those that `round` has read already. Files are read on a thread that may
    /// block.
    ///
    /// - Throws: `CredentialError`, which names the file at fault.
    package func credentials(
        for files: TLSFiles, in round: CredentialRound = CredentialRound()
    ) async throws -> Credentials {
        if let known = try round.known(files) { return known }
        return try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(with: Result { try self.load(files, in: round) })
            }
        }
    }

    /// The same as `credentials(for:)`, on the calling thread, which it blocks.
    ///
    /// - Throws: `CredentialError`, which names the file at fault.
    package func read(_ files: TLSFiles) throws -> Credentials { try load(files, in: CredentialRound()) }

    private func load(_ files: TLSFiles, in round: CredentialRound) throws -> Credentials {
        let trust = try files.caFile.map { path in try round.trust.value(for: path) { try self.trust(path) } }
        let client = try CredentialRound.ClientFiles(files).map { shown in
            try round.clients.value(for: shown) { try self.client(shown, files) }
        }
        return Credentials(trust, client: client)
    }

    private func trust(_ path: String) throws -> Trust {
        let pem = try Self.read(path)
        let digest = try SHA256().digest(pem.span)
        if let known = cache.withLock({ $0.trust[path] }), known.digest == digest { return known.value }
        do {
            let trust = Trust(
                store: try TrustStore(pem: pem), anchors: try CertificateDecoder(keepsEncodings: true).bundle(pem))
            cache.withLock { $0.trust[path] = Parsed(digest: digest, value: trust) }
            return trust
        } catch TLSMaterialError.noCertificate {
            throw CredentialError(path: path, reason: Self.absence(ofCertificateIn: pem))
        } catch let error as TLSMaterialError {
            throw CredentialError(path: path, reason: error.description)
        }
    }

    /// Describes the content of a file that has no certificate in PEM.
    private static func absence(ofCertificateIn bytes: [UInt8]) -> String {
        let isReadable = (try? CertificateDecoder().bundle(bytes).certificates.isEmpty) == false
        guard !isReadable else {
            return "holds a certificate, but not in PEM: openssl x509 -inform DER -in FILE -out FILE.pem converts DER"
        }
        let content = ForeignContent(of: bytes.span)
        return content == .other ? TLSMaterialError.noCertificate.description : String(content.sentence.dropFirst(3))
    }

    private func client(_ shown: CredentialRound.ClientFiles, _ files: TLSFiles) throws -> Credentials.Client {
        let (certFile, keyFile) = (shown.certificate, shown.key)
        let certificate = try Self.read(certFile)
        let token = try Self.token(keyFile)
        let key =
            if let token { Array(token.object.utf8) } else if keyFile == certFile { certificate } else {
                try Self.read(keyFile)
            }
        let passphrase = try (token?.pinFile ?? shown.passphrase).map(Self.passphrase)
        let hash = try SHA256()
        hash.update(certificate.span)
        hash.update(key.span)
        hash.update(Array((passphrase?.exposed ?? "").utf8).span)
        let digest = hash.finish()
        if let known = cache.withLock({ $0.clients[shown] }), known.digest == digest { return known.value }
        do {
            let identity: ClientIdentity
            if let token {
                identity = try ClientIdentity(
                    certificatePEM: certificate, tokenURI: token.object, pin: passphrase?.exposed)
            } else if certificate.first == 0x30 {
                // A DER SEQUENCE begins with 0x30; PEM does not.
                identity = try ClientIdentity(pkcs12: certificate, passphrase: passphrase?.exposed ?? "")
            } else {
                identity = try ClientIdentity(
                    certificatePEM: certificate, keyPEM: key, passphrase: passphrase?.exposed)
            }
            let client = Credentials.Client(
                identity: identity, certificate: try CertificateDecoder().certificate(der: identity.certificateDER))
            cache.withLock { $0.clients[shown] = Parsed(digest: digest, value: client) }
            return client
        } catch let error as IdentityError {
            let path = error.part == .certificate ? certFile : keyFile
            throw CredentialError(path: path, reason: Self.reason(error, files, certificate: certificate))
        }
    }

    private static func reason(_ error: IdentityError, _ files: TLSFiles, certificate: [UInt8]) -> String {
        switch (error.part, error.reason) {
        case (_, .encrypted): "\(error.reason): name it in key_passphrase_file"
        case (.certificate, .noCertificate): absence(ofCertificateIn: certificate)
        case (.key, .noKey) where files.keyFile == nil:
            "holds the certificate without its private key: name the key's file as well (key_file, --key)"
        case (.certificate, _), (.key, _): error.reason.description
        }
    }

    /// nil when the key is in a file.
    private static func token(_ keyFile: String) throws(CredentialError) -> TokenURI? {
        guard TokenURI.isMeant(by: keyFile) else { return nil }
        do throws(TokenURI.Defect) {
            return try TokenURI(parsing: keyFile)
        } catch {
            // The text may contain a PIN, so the error does not show it.
            throw CredentialError(path: "key_file", reason: error.rawValue)
        }
    }

    /// The first line of the file, as with `openssl -passin file:`.
    private static func passphrase(_ path: String) throws(CredentialError) -> Secret {
        let line = try read(path).prefix { $0 != 0x0A }
        return Secret(String(decoding: line.last == 0x0D ? line.dropLast() : line, as: UTF8.self))
    }

    private static func read(_ path: String) throws(CredentialError) -> [UInt8] {
        do throws(RegularFile.Failure) {
            return try RegularFile.read(path, limit: byteLimit)
        } catch {
            throw CredentialError(path: path, reason: error.clause, failure: error)
        }
    }
}

/// A file of a `tls_config`, or of a TLS server, that cannot be used.
package struct CredentialError: Error, CustomStringConvertible {
    package let path: String
    /// A clause to follow the path.
    package let reason: String
    /// Why the file could not be read. nil when its content is at fault.
    package let failure: RegularFile.Failure?

    package init(path: String, reason: String, failure: RegularFile.Failure? = nil) {
        self.path = path
        self.reason = reason
        self.failure = failure
    }

    package var description: String { "\(path): \(reason)" }
}
