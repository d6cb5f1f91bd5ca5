import CertificateDecoding
import Certificates
import OpenSSLBinding

/// Checks certificates without knowing their use. It must be used by one thread at a time.
package struct CertificateInspector {
    /// Decodes what is inspected, and keeps the DER for it.
    package let decoder: CertificateDecoder

    /// - Throws: `OpenSSLError` when OpenSSL provides no SHA-256.
    package init() throws {
        decoder = try CertificateDecoder(patience: .attended, keepsEncodings: true)
    }

    /// Inspects the bundle that `decoder` returned for one container.
    ///
    /// - Throws: `OpenSSLError` when memory is exhausted.
    package func inspect(_ bundle: CertificateBundle, at now: Instant) throws -> InspectedBundle {
        let check = try CertificateCheck(CertificateExpectations())
        let read = bundle.certificates.map { ($0, Self.parsed($0, bundle.encodings[$0.fingerprint])) }
        let issuers = IssuerSearch.issuers(
            among: read.map { certificate, parsed in
                IssuerSearch.Candidate(certificate: certificate, verifiable: parsed?.verifiable)
            })
        var defects = bundle.defects
        let certificates = try zip(read, issuers).map { read, issuer in
            let (certificate, parsed) = read
            guard case .readable(let verifiable) = parsed else {
                return InspectedCertificate(unreadable: certificate, because: parsed?.refusal, issuer: issuer)
            }
            let usages = decoder.extendedKeyUsages(of: verifiable.der, facts: verifiable.facts)
            defects += verifiable.facts.extensionFlaws.map { flaw in
                Defect(.badExtension, "\(Self.name(of: verifiable)): \(flaw)")
            }
            return InspectedCertificate(
                certificate: certificate, name: Self.name(of: verifiable), pathLength: verifiable.facts.pathLength,
                extendedKeyUsages: usages,
                findings: try check.findings(of: verifiable, at: now),
                issuer: issuer)
        }
        return InspectedBundle(
            certificates: certificates,
            revocationLists: bundle.revocationLists.map { list in
                InspectedRevocationList(list, der: bundle.encodings[list.fingerprint])
            }, defects: defects)
    }

    /// OpenSSL's result for a certificate that our own decoder accepted.
    private enum Parsed {
        case readable(VerifiableCertificate)
        case refused(OpenSSLError)

        var verifiable: VerifiableCertificate? {
            guard case .readable(let verifiable) = self else { return nil }
            return verifiable
        }

        var refusal: OpenSSLError? {
            guard case .refused(let error) = self else { return nil }
            return error
        }
    }

    private static func parsed(_ certificate: Certificate, _ der: [UInt8]?) -> Parsed? {
        guard let der else { return nil }
        do throws(OpenSSLError) {
            return .readable(try VerifiableCertificate(certificate, der: der))
        } catch {
            return .refused(error)
        }
    }

    /// The last Common Name in the DER is the most specific one.
    private static func name(of verifiable: VerifiableCertificate) -> String {
        verifiable.facts.commonNames.last ?? verifiable.certificate.nameWithoutCommonName
    }
}

extension Certificate {
    fileprivate var nameWithoutCommonName: String {
        if let name = subjectAlternativeNames.first { return name }
        return subject.isEmpty ? "(no name)" : subject
    }
}

extension InspectedCertificate {
    /// A certificate that OpenSSL cannot parse, and therefore no verifier that is built on it.
    fileprivate init(unreadable certificate: Certificate, because error: OpenSSLError?, issuer: Int?) {
        self.init(
            certificate: certificate, name: certificate.nameWithoutCommonName, pathLength: nil, extendedKeyUsages: nil,
            findings: error.map { [CertificateFinding(.pathInvalid, .path(.unreadable(reason: "\($0)")))] } ?? [],
            issuer: issuer)
    }
}
