import CertificateDecoding
import Certificates
import OpenSSLBinding

/// A certificate with what verifying it needs. It belongs to one thread at a time, as OpenSSL's object does.
package struct VerifiableCertificate {
    package let certificate: Certificate
    let parsed: ParsedCertificate

    /// - Throws: `OpenSSLError` where OpenSSL cannot read `der`.
    package init(_ certificate: Certificate, der: [UInt8]) throws(OpenSSLError) {
        self.certificate = certificate
        self.parsed = try ParsedCertificate(der: der)
    }

    /// What OpenSSL says of it beyond the model.
    package var facts: CertificateFacts { parsed.facts }
    /// As it was read.
    package var der: [UInt8] { parsed.der }
}

/// What one container held for verification: certificates in order, and what could not be understood.
package struct VerifiableBundle {
    package var certificates: [VerifiableCertificate]
    package var defects: [Defect]

    package init(certificates: [VerifiableCertificate] = [], defects: [Defect] = []) {
        self.certificates = certificates
        self.defects = defects
    }
}

extension CertificateDecoder {
    /// Decodes a container with all its certificates, ready to be verified.
    package func verifiableBundle(_ bytes: [UInt8], passphrase: Secret? = nil) -> VerifiableBundle {
        VerifiableBundle(encodedBundle(bytes, passphrase: passphrase))
    }
}

extension VerifiableBundle {
    /// Takes those certificates whose encodings are there.
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
