import Certificates
import Foundation
import IssuanceBinding

/// Certificates that are issued at run time, so that no test depends on the date or on files that expire.
package enum TestPKI {
    /// 2020-01-01T00:00:00Z. Certificates with the default dates are valid whenever the tests run.
    package static let defaultNotBefore = Instant(seconds: 1_577_836_800)
    /// 2049-12-31T23:59:59Z
    package static let defaultNotAfter = Instant(seconds: 2_524_607_999)

    /// A self-signed authority.
    package static func authority(
        _ commonName: String, notBefore: Instant = defaultNotBefore, notAfter: Instant = defaultNotAfter,
        key: IssuanceKey.Kind = .p256
    ) throws -> TestAuthority {
        let template = CertificateTemplate(
            .authority, commonName: commonName, notBefore: notBefore, notAfter: notAfter)
        return TestAuthority(certificate: try selfSigned(template, key: key), subject: template.subject)
    }

    /// A self-signed authority with exactly the fields of `template`.
    package static func authority(
        _ template: CertificateTemplate, key: IssuanceKey.Kind = .p256
    ) throws -> TestAuthority {
        TestAuthority(certificate: try selfSigned(template, key: key), subject: template.subject)
    }

    /// A certificate of any purpose that is its own issuer.
    package static func selfSigned(
        _ template: CertificateTemplate, key kind: IssuanceKey.Kind = .p256
    ) throws -> IssuedCertificate {
        let key = try IssuanceKey(kind)
        var template = template
        template.issuer = template.subject
        return IssuedCertificate(der: try template.signed(by: key, for: key), key: key)
    }
}

/// A certificate and its private key.
package struct IssuedCertificate: Sendable {
    package let der: [UInt8]
    package let key: IssuanceKey

    /// The certificate in PEM with 64 characters in each line and a final newline.
    package var pem: String { PEMWriter.block("CERTIFICATE", der) }
    /// The private key in PKCS#8 PEM.
    package var keyPEM: String {
        get throws { try key.pem() }
    }
    /// The SHA-256 of the DER.
    package var fingerprint: Fingerprint {
        guard let fingerprint = Fingerprint(bytes: IssuanceDigest.sha256(der)) else {
            preconditionFailure("a SHA-256 has 32 bytes")
        }
        return fingerprint
    }
}

/// An issuer: its certificate, its key, and its name as the issuer of others.
package struct TestAuthority: Sendable {
    package let certificate: IssuedCertificate
    package let subject: [[CertificateTemplate.Attribute]]

    /// The certificate in PEM.
    package var pem: String { certificate.pem }

    /// Issues a certificate for a new P-256 key, or for `key`.
    package func issue(
        _ purpose: CertificateTemplate.Purpose, commonName: String,
        notBefore: Instant = TestPKI.defaultNotBefore, notAfter: Instant = TestPKI.defaultNotAfter,
        alternativeNames: [CertificateTemplate.AlternativeName] = [], key: IssuanceKey? = nil
    ) throws -> IssuedCertificate {
        var template = CertificateTemplate(
            purpose, commonName: commonName, notBefore: notBefore, notAfter: notAfter)
        template.alternativeNames = alternativeNames
        return try issue(template, key: key)
    }

    /// Issues a certificate with exactly the fields of `template`, except for the issuer's name.
    package func issue(_ template: CertificateTemplate, key: IssuanceKey? = nil) throws -> IssuedCertificate {
        let key = try key ?? IssuanceKey()
        var template = template
        template.issuer = subject
        return IssuedCertificate(der: try template.signed(by: certificate.key, for: key), key: key)
    }

    /// A subordinate authority.
    package func intermediate(
        _ commonName: String, notBefore: Instant = TestPKI.defaultNotBefore,
        notAfter: Instant = TestPKI.defaultNotAfter
    ) throws -> TestAuthority {
        let template = CertificateTemplate(
            .authority, commonName: commonName, notBefore: notBefore, notAfter: notAfter)
        return TestAuthority(certificate: try issue(template), subject: template.subject)
    }
}

extension TestAuthority {
    /// A subordinate authority with exactly the fields of `template`.
    package func intermediate(_ template: CertificateTemplate, key: IssuanceKey? = nil) throws -> TestAuthority {
        TestAuthority(certificate: try issue(template, key: key), subject: template.subject)
    }

    /// A renewal: this authority's name and key in another self-signed certificate.
    package func renewed(
        notBefore: Instant = TestPKI.defaultNotBefore, notAfter: Instant
    ) throws -> TestAuthority {
        try crossSigned(by: self, notBefore: notBefore, notAfter: notAfter)
    }

    /// This authority's name and key in a certificate that `other` issues.
    package func crossSigned(
        by other: TestAuthority, notBefore: Instant = TestPKI.defaultNotBefore, notAfter: Instant
    ) throws -> TestAuthority {
        var template = CertificateTemplate(.authority, commonName: "", notBefore: notBefore, notAfter: notAfter)
        template.subject = subject
        return TestAuthority(certificate: try other.issue(template, key: certificate.key), subject: subject)
    }
}

extension IssuedCertificate {
    /// This certificate with one bit of its signature changed.
    package var tampered: IssuedCertificate {
        var bytes = der
        bytes[bytes.count - 1] ^= 1
        return IssuedCertificate(der: bytes, key: key)
    }
}

/// Writes PEM (RFC 7468).
package enum PEMWriter {
    /// One block with 64 characters in each line and a final newline.
    package static func block(_ label: String, _ der: [UInt8]) -> String {
        let text = Data(der).base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
        return "-----BEGIN \(label)-----\n\(text)\n-----END \(label)-----\n"
    }
}
