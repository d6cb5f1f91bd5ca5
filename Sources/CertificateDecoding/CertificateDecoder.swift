import Certificates
import OpenSSLBinding

/// Bytes of any supported format to certificates, with the defects beside them. One object belongs to one thread at a time.
package final class CertificateDecoder {
    let reader: CertificateReader
    private let patience: PassphrasePatience
    private let keepsEncodings: Bool
    private var base64 = Base64Decoder()

    /// - Parameters:
    ///   - patience: how long an encrypted container may keep it busy.
    ///   - keepsEncodings: whether what is found comes with its DER, for those who verify it.
    /// - Throws: `OpenSSLError` where OpenSSL has no SHA-256 to offer.
    package init(patience: PassphrasePatience = .unattended, keepsEncodings: Bool = false) throws {
        self.keepsEncodings = keepsEncodings
        reader = CertificateReader(digest: try SHA256())
        self.patience = patience
    }

    /// Decodes a container of any `ContainerFormat`, recognised by what it holds.
    ///
    /// A certificate for which `knows` is true is not decoded again, so defects of its own (an unreadable date, say) come
    /// up only once; the certificate itself still tells. Bytes that hold no certificate and no mark of one are empty
    /// without a defect, since keys and configurations lie beside certificates.
    ///
    /// - Parameters:
    ///   - bytes: all of it.
    ///   - knows: whether a certificate is known, and so need not be decoded.
    ///   - passphrase: of a PKCS #12 file or a Java key store; where there is none, an empty one is tried.
    /// - Returns: what it holds, and what of it could not be understood.
    package func decode(
        _ bytes: Span<UInt8>, knows: (Fingerprint) -> Bool = { _ in false }, passphrase: Secret? = nil
    ) -> DecodedContainer {
        decode(bytes, knows: knows, passphrase: passphrase, keepsEncodings: keepsEncodings)
    }

    /// Whether a container begins with a PEM block: such a one names no files, as `DecodedContainer.references` has them.
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

    /// The files that a container names as holding its certificates, as `DecodedContainer.references` has them.
    package func references(in bytes: [UInt8]) -> [FilePath] {
        Array(KubeconfigReferences.files(in: bytes.span).prefix(KubeconfigReferences.limit))
    }

    /// Decodes a container with all its certificates.
    package func bundle(_ bytes: [UInt8], passphrase: Secret? = nil) -> CertificateBundle {
        CertificateBundle(decode(bytes.span, passphrase: passphrase))
    }

    /// Decodes a container with all its certificates and their encodings, whatever `keepsEncodings` says.
    package func encodedBundle(_ bytes: [UInt8], passphrase: Secret? = nil) -> CertificateBundle {
        CertificateBundle(decode(bytes.span, knows: { _ in false }, passphrase: passphrase, keepsEncodings: true))
    }

    /// The chain that an endpoint presents, a certificate in each element; with its encodings.
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

    /// The certificate that `der` is, as an endpoint presents it; nil if neither we nor OpenSSL can read it.
    package func certificate(der: [UInt8]) -> Certificate? {
        var decoding = decoding(knows: { _ in false }, passphrase: nil, keepsEncodings: false)
        _ = decoding.takeFirstCertificate(of: der.span)
        return decoding.found.entries.first?.certificate
    }

    private func decoding(
        knows: @escaping (Fingerprint) -> Bool, passphrase: Secret?, keepsEncodings: Bool
    ) -> Decoding {
        // Lent for the time of the decoding, so that one buffer serves all blocks of all files, and nothing is copied.
        var lent = Base64Decoder()
        swap(&lent, &base64)
        return Decoding(
            reader: reader, knows: knows, passphrase: passphrase, patience: patience, base64: lent,
            keepsEncodings: keepsEncodings)
    }
}

extension CertificateBundle {
    /// What a container held, without the certificates that were known before.
    package init(_ container: DecodedContainer) {
        self.init(
            certificates: container.entries.compactMap(\.certificate), revocationLists: container.revocationLists,
            defects: container.defects, encodings: container.encodings)
    }
}
