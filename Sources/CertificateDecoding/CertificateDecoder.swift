import Certificates
import OpenSSLBinding

/// Decodes certificates from containers of any supported format, with their defects. Each object must be used by one
/// thread at a time.
package final class CertificateDecoder {
    let reader: CertificateReader
    private let patience: PassphrasePatience
    private let keepsEncodings: Bool
    private var base64 = Base64Decoder()

    /// - Parameters:
    ///   - patience: how much work opening an encrypted container may take.
    ///   - keepsEncodings: whether the DER is kept, for callers that verify the certificates.
    /// - Throws: `OpenSSLError` when OpenSSL provides no SHA-256.
    package init(patience: PassphrasePatience = .unattended, keepsEncodings: Bool = false) throws {
        self.keepsEncodings = keepsEncodings
        reader = CertificateReader(digest: try SHA256())
        self.patience = patience
    }

    /// Decodes a container of any `ContainerFormat`, which is detected from the content.
    ///
    /// Certificates for which `knows` returns true are not decoded again, so their own defects, such as an unreadable
    /// date, are reported only once; their facts are stored already. Content without a certificate and without a sign
    /// of one has no defect, since keys and configurations are stored beside certificates.
    ///
    /// - Parameters:
    ///   - bytes: the whole container.
    ///   - knows: whether a certificate is known and need not be decoded.
    ///   - passphrase: the passphrase of a PKCS #12 file or Java key store. Without one an empty passphrase is tried.
    /// - Returns: the content and its defects.
    package func decode(
        _ bytes: Span<UInt8>, knows: (Fingerprint) -> Bool = { _ in false }, passphrase: Secret? = nil
    ) -> DecodedContainer {
        decode(bytes, knows: knows, passphrase: passphrase, keepsEncodings: keepsEncodings)
    }

    /// Whether a container begins with a PEM block. Such a container has no `DecodedContainer.references`.
    package static func beginsAsPEM(_ bytes: Span<UInt8>) -> Bool {
        bytes.holds("-----BEGIN ", at: 0)
    }

    private func decode(
        _ bytes: Span<UInt8>, knows: (Fingerprint) -> Bool, passphrase: Secret?, keepsEncodings: Bool
    ) -> DecodedContainer {
        withoutActuallyEscaping(knows) { knows in
            var decoding = decoding(knows: knows, passphrase: passphrase, keepsEncodings: keepsEncodings)
            decoding.take(bytes)
            base64 = decoding.base64
            return decoding.found
        }
    }

    /// The files that a container names as the places of its certificates, as in `DecodedContainer.references`.
    package func references(in bytes: [UInt8]) -> [FilePath] {
        Array(KubeconfigReferences.files(in: bytes.span).prefix(KubeconfigReferences.limit))
    }

    /// Decodes a container with all its certificates.
    package func bundle(_ bytes: [UInt8], passphrase: Secret? = nil) -> CertificateBundle {
        CertificateBundle(decode(bytes.span, passphrase: passphrase))
    }

    /// Decodes a container with all its certificates and their encodings, regardless of `keepsEncodings`.
    package func encodedBundle(_ bytes: [UInt8], passphrase: Secret? = nil) -> CertificateBundle {
        CertificateBundle(decode(bytes.span, knows: { _ in false }, passphrase: passphrase, keepsEncodings: true))
    }

    /// Decodes the chain that an endpoint presents, one certificate in each element, with its encodings.
    package func bundle(presented chain: [[UInt8]]) -> CertificateBundle {
        var bundle = CertificateBundle()
        for der in chain {
            guard let certificate = certificate(der: der) else { continue }
            bundle.certificates.append(certificate)
            bundle.encodings[certificate.fingerprint] = der
        }
        if bundle.certificates.count < chain.count {
            bundle.defects.append(Defect(.badDER, "presents a certificate that cannot be read"))
        }
        return bundle
    }

    /// Decodes a certificate that an endpoint presents. nil when neither our reader nor OpenSSL can parse `der`.
    package func certificate(der: [UInt8]) -> Certificate? {
        var decoding = decoding(knows: { _ in false }, passphrase: nil, keepsEncodings: false)
        _ = decoding.takeFirstCertificate(of: der.span)
        return decoding.found.entries.first?.certificate
    }

    private func decoding(
        knows: @escaping (Fingerprint) -> Bool, passphrase: Secret?, keepsEncodings: Bool
    ) -> Decoding {
        // The buffer is lent to the decoding, so that one buffer serves all blocks of all files without copies.
        var lent = Base64Decoder()
        swap(&lent, &base64)
        return Decoding(
            reader: reader, knows: knows, passphrase: passphrase, patience: patience, base64: lent,
            keepsEncodings: keepsEncodings)
    }
}

extension CertificateBundle {
    /// The content of a container, without the certificates that were already known.
    package init(_ container: DecodedContainer) {
        self.init(
            certificates: container.entries.compactMap(\.certificate), revocationLists: container.revocationLists,
            defects: container.defects, encodings: container.encodings)
    }
}
