import CertificateDecoding
import Certificates
import OpenSSLBinding

/// A certificate that is checked, with the facts that its findings depend on.
package enum CheckedCertificate {
    /// Read by our own reader: enough where no path, key pair or profile is looked at.
    case plain(Certificate, CertificateFacts)
    /// Parsed by OpenSSL, which takes 90 times as long.
    case parsed(VerifiableCertificate)

    package var certificate: Certificate {
        switch self {
        case .plain(let certificate, _): certificate
        case .parsed(let verifiable): verifiable.certificate
        }
    }

    package var facts: CertificateFacts {
        switch self {
        case .plain(_, let facts): facts
        case .parsed(let verifiable): verifiable.facts
        }
    }

    /// What OpenSSL has parsed; nil where it was not asked.
    var verifiable: VerifiableCertificate? {
        guard case .parsed(let verifiable) = self else { return nil }
        return verifiable
    }
}
