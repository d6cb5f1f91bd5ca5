import CertificateDecoding
import Certificates
import FileReading
import OpenSSLBinding

/// The contents of a TLS server's files at one moment, checked.
package struct ServerCredentials: Sendable {
    /// Far more than any of these files needs. A larger file is something else.
    private static let byteLimit = 1 << 20

    package let certificatePEM: [UInt8]
    /// A secret.
    package let keyPEM: [UInt8]
    /// nil when no client certificate is asked for.
    package let clientAuthoritiesPEM: [UInt8]?
    /// A digest of all of them: different contents have different digests.
    package let digest: [UInt8]

    /// Reads the files without checking more than that they can be read.
    ///
    /// - Throws: `CredentialError`, which names the file at fault.
    package init(reading files: ServerTLSFiles) throws {
        certificatePEM = try Self.read(files.certificate)
        keyPEM = files.key == files.certificate ? certificatePEM : try Self.read(files.key)
        clientAuthoritiesPEM = try files.clientCA.map(Self.read)
        let hash = try SHA256()
        for part in [certificatePEM, keyPEM, clientAuthoritiesPEM ?? []] {
            hash.update(Array("\(part.count) ".utf8).span)
            hash.update(part.span)
        }
        digest = hash.finish()
    }

    /// Checks that OpenSSL reads the contents, and that the key is that of the certificate.
    ///
    /// - Throws: `CredentialError`, which names the file at fault.
    package func check(_ files: ServerTLSFiles) throws {
        do {
            _ = try ClientIdentity(certificatePEM: certificatePEM, keyPEM: keyPEM)
        } catch {
            switch error.part {
            case .certificate: throw CredentialError(path: files.certificate, reason: error.reason.description)
            case .key: throw CredentialError(path: files.key, reason: Self.reason(error.reason, files))
            }
        }
        guard let authorities = clientAuthoritiesPEM, let path = files.clientCA else { return }
        do {
            _ = try TrustStore(pem: authorities)
        } catch {
            throw CredentialError(path: path, reason: error.description)
        }
    }

    private static func reason(_ error: TLSMaterialError, _ files: ServerTLSFiles) -> String {
        switch error {
        case .encrypted: "is encrypted, and a server has no passphrase: openssl pkey -in FILE -out FILE decrypts it"
        case .keyMismatch: "is not the key of the certificate in \(files.certificate)"
        case .noCertificate, .noKey, .wrongPassphrase, .noTokenEngine, .noTokenObject, .wrongPIN, .unreadable:
            error.description
        }
    }

    /// When the server's own certificate is valid; nil when our decoder does not read it.
    package var validity: Validity? {
        (try? CertificateDecoder())?.bundle(certificatePEM).certificates.first?.validity
    }

    /// The CAs of accepted clients, as our decoder reads them.
    package var clientAuthorities: [Certificate] {
        guard let pem = clientAuthoritiesPEM else { return [] }
        return (try? CertificateDecoder())?.bundle(pem).certificates ?? []
    }

    private static func read(_ path: String) throws(CredentialError) -> [UInt8] {
        do throws(RegularFile.Failure) {
            return try RegularFile.read(path, limit: byteLimit)
        } catch {
            throw CredentialError(path: path, reason: error.clause, failure: error)
        }
    }
}
