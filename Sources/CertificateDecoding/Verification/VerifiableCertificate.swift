import Certificates
import OpenSSLBinding

/// A certificate with what verifying it needs. It belongs to one thread at a time, as OpenSSL's object does.
package struct VerifiableCertificate {
    package let certificate: Certificate
    let parsed: ParsedCertificate

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
        keptDER = [:]
        defer { keptDER = nil }
        let bundle = bundle(bytes, passphrase: passphrase)
        var result = VerifiableBundle(defects: bundle.defects)
        for certificate in bundle.certificates {
            guard let der = keptDER?[certificate.fingerprint] else { continue }
            do throws(OpenSSLError) {
                let parsed = try ParsedCertificate(der: der)
                result.certificates.append(VerifiableCertificate(certificate: certificate, parsed: parsed))
            } catch {
                result.defects.append(Defect(.badDER, "OpenSSL cannot read the certificate (\(error))"))
            }
        }
        return result
    }
}
