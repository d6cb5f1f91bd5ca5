import CertificateDecoding
import Certificates
import OpenSSLBinding

/// A certificate with the facts that its findings depend on.
package enum CheckedCertificate {
    /// Decoded by our own decoder, which suffices when no path, key pair or profile is checked.
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

    /// The certificate as OpenSSL parsed it. nil when OpenSSL was not used.
    var verifiable: VerifiableCertificate? {
        guard case .parsed(let verifiable) = self else { return nil }
        return verifiable
    }
}
