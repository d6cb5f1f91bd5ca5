import CertificateDecoding
import Certificates
import OpenSSLBinding

/// A certificate that OpenSSL has parsed for verification. It must be used by one thread at a time, as OpenSSL's object
/// must.
package struct VerifiableCertificate {
    package let certificate: Certificate
    let parsed: ParsedCertificate

    /// - Throws: `OpenSSLError` when OpenSSL cannot parse `der`.
    package init(_ certificate: Certificate, der: [UInt8]) throws(OpenSSLError) {
        self.certificate = certificate
        self.parsed = try ParsedCertificate(der: der)
    }

    /// The facts from OpenSSL that `Certificate` does not contain.
    package var facts: CertificateFacts { parsed.facts }
    /// The DER as it was read.
    package var der: [UInt8] { parsed.der }
}

/// The content of one container for verification: certificates in order, and defects.
package struct VerifiableBundle {
    package var certificates: [VerifiableCertificate]
    package var defects: [Defect]

    package init(certificates: [VerifiableCertificate] = [], defects: [Defect] = []) {
        self.certificates = certificates
        self.defects = defects
    }
}

extension CertificateDecoder {
    /// Decodes all certificates of a container for verification.
    package func verifiableBundle(_ bytes: [UInt8], passphrase: Secret? = nil) -> VerifiableBundle {
        VerifiableBundle(encodedBundle(bytes, passphrase: passphrase))
    }
}

extension VerifiableBundle {
    /// Parses the certificates whose encodings are in the bundle.
    package init(_ bundle: CertificateBundle) {
        self.init(defects: bundle.defects)
        for certificate in bundle.certificates {
            guard let der = bundle.encodings[certificate.fingerprint] else { continue }
            do throws(OpenSSLError) {
                certificates.append(try VerifiableCertificate(certificate, der: der))
            } catch {
                defects.append(Defect(.badDER, "OpenSSL cannot read the certificate (\(error))"))
            }
        }
    }
}
