import CertificateDecoding
import Certificates
import OpenSSLBinding

/// Checks a certificate that an edge has forwarded, or one from a file, as a backend must.
///
/// It reads no clock and no file, so that a server can call it for each request.
package struct ForwardedCertificateCheck {
    private let expectations: CertificateExpectations
    private let anchors: [VerifiableCertificate]
    private let intermediates: [VerifiableCertificate]
    private let revocationLists: RevocationListSet
    /// The check of a certificate that comes without a chain, with its trust store; made once, since a server checks each
    /// request. nil when OpenSSL could not make it; then each check tries again and reports why.
    private let prepared: CertificateCheck?

    /// - Parameters:
    ///   - expectations: what is checked. Fields that are nil are not.
    ///   - anchors: the trusted CAs. Without any, the signature is not checked.
    ///   - intermediates: untrusted CAs that the path may contain, in addition to those that come with the certificate.
    ///   - revocationLists: with any list, revocation is checked.
    package init(
        _ expectations: CertificateExpectations, anchors: [VerifiableCertificate] = [],
        intermediates: [VerifiableCertificate] = [], revocationLists: RevocationListSet = RevocationListSet()
    ) {
        self.expectations = expectations
        self.anchors = anchors
        self.intermediates = intermediates
        self.revocationLists = revocationLists
        prepared = try? CertificateCheck(
            expectations, anchors: anchors, intermediates: intermediates, revocationLists: revocationLists)
    }

    /// A check by CAs and lists of registrations. Those that OpenSSL cannot parse are left out.
    package init(_ expectations: CertificateExpectations, by evidence: VerificationEvidence) {
        func certificates(_ objects: [EncodedObject]) -> [VerifiableCertificate] {
            objects.compactMap { encoded in
                encoded.object.certificate.flatMap { try? VerifiableCertificate($0, der: encoded.der) }
            }
        }
        self.init(
            expectations, anchors: certificates(evidence.anchors), intermediates: certificates(evidence.intermediates),
            revocationLists: RevocationListSet(
                evidence.lists.compactMap { try? ParsedRevocationList(der: $0.der) }))
    }

    /// Checks a forwarded certificate. A text that cannot be decoded fails the `x509` check.
    ///
    /// - Throws: `ForwardedCertificateError.empty` when there is no text; `OpenSSLError` when memory is exhausted.
    package func report(
        onForwarded text: [UInt8], header: ForwardedHeader, decoder: CertificateDecoder, at now: Instant
    ) throws -> VerificationReport {
        let forwarded: ForwardedCertificate
        do throws(ForwardedCertificateError) {
            forwarded = try ForwardedCertificate(text, header: header)
        } catch .empty {
            throw ForwardedCertificateError.empty
        } catch {
            return Self.withoutCertificate(error.description)
        }
        var bundle = VerifiableBundle()
        for container in forwarded.containers {
            let part = decoder.verifiableBundle(container)
            if part.certificates.isEmpty, part.defects.isEmpty {
                bundle.defects.append(Defect(.noCertificateFound, "the value holds something that is no certificate"))
            }
            bundle.certificates += part.certificates
            bundle.defects += part.defects
        }
        return try report(on: bundle, announced: forwarded.fingerprint, at: now)
    }

    /// Checks the first certificate of a bundle. Its path may contain the others.
    ///
    /// - Parameters:
    ///   - bundle: the certificate and the others that came with it.
    ///   - announced: the fingerprint that the edge reports.
    ///   - now: the time of verification.
    /// - Returns: the result of each check that could be made.
    /// - Throws: `OpenSSLError` when memory is exhausted.
    package func report(
        on bundle: VerifiableBundle, announced: Fingerprint? = nil, at now: Instant
    ) throws -> VerificationReport {
        // An unreadable element may have been the certificate itself, so the next one must not take its place.
        let defect = bundle.defects.first { $0.reason != .unreadableDate }
        guard let leaf = bundle.certificates.first else {
            return Self.withoutCertificate(defect?.message ?? "there is no certificate")
        }
        var expectations = expectations
        expectations.fingerprint = expectations.fingerprint ?? announced
        let isAlone = bundle.certificates.count == 1 && announced == nil
        let check =
            try (isAlone ? prepared : nil)
            ?? CertificateCheck(
                expectations, anchors: anchors, intermediates: Array(bundle.certificates.dropFirst()) + intermediates,
                revocationLists: revocationLists)
        let findings = try check.findings(of: leaf, at: now)
        let failed = Dictionary(grouping: findings.filter { $0.severity == .critical }, by: \.code.check)
        // When the extensions cannot be parsed, the checks that depend on them are skipped.
        let asked = failed[.x509] == nil ? asked(expectations) : asked(expectations).subtracting(Self.ofExtensions)
        let results = VerificationCheck.allCases.compactMap { check -> VerificationResult? in
            if check == .x509, failed[.x509] == nil {
                let message = defect?.message ?? "it is an X.509 certificate: \(leaf.certificate.subject)"
                return VerificationResult(check: check, holds: defect == nil, message: message)
            }
            // A problem is reported even if its check was not requested.
            if let flaws = failed[check] {
                let message = flaws.map(\.message).joined(separator: "; ")
                return VerificationResult(check: check, holds: false, message: message)
            }
            guard asked.contains(check) else { return nil }
            return VerificationResult(check: check, holds: true, message: Self.praise(check, leaf, expectations))
        }
        return VerificationReport(
            certificate: leaf.certificate, results: results,
            warnings: findings.filter { $0.severity == .warning }, findings: findings,
            revocations: findings.compactMap(\.revocation))
    }

    private static let ofExtensions: Set<VerificationCheck> = [
        .signature, .purpose, .revocation, .profile, .alternativeNames,
    ]

    private static func withoutCertificate(_ message: String) -> VerificationReport {
        VerificationReport(
            certificate: nil, results: [VerificationResult(check: .x509, holds: false, message: message)],
            warnings: [], findings: [], revocations: [])
    }

    /// The checks whose inputs were given.
    private func asked(_ expectations: CertificateExpectations) -> Set<VerificationCheck> {
        var asked: Set<VerificationCheck> = [.x509, .validity]
        if expectations.commonName != nil { asked.insert(.commonName) }
        if expectations.issuerCommonName != nil { asked.insert(.issuer) }
        if !anchors.isEmpty { asked.insert(.signature) }
        if expectations.effectivePurpose != .any { asked.insert(.purpose) }
        if !revocationLists.isEmpty { asked.insert(.revocation) }
        if expectations.fingerprint != nil { asked.insert(.fingerprint) }
        if expectations.key != nil { asked.insert(.key) }
        if expectations.profile != nil || expectations.role == .ca { asked.insert(.profile) }
        if !expectations.alternativeNames.isEmpty { asked.insert(.alternativeNames) }
        return asked
    }

    /// The message of a check that succeeded.
    private static func praise(
        _ check: VerificationCheck, _ leaf: VerifiableCertificate, _ expectations: CertificateExpectations
    ) -> String {
        switch check {
        case .x509: "it is an X.509 certificate"
        case .commonName: "its Common Name is \(leaf.facts.commonNames.joined(separator: " and "))"
        case .validity: "it is valid until \(leaf.certificate.validity.notAfter?.description ?? "unknown")"
        case .issuer: "its issuer is \(leaf.certificate.issuer)"
        case .signature: "a path of valid signatures leads to a trusted CA"
        case .purpose: "it may be used by a \(expectations.effectivePurpose.rawValue)"
        case .revocation: "it is not on the revocation list of its CA"
        case .fingerprint: "its SHA-256 is \(leaf.certificate.fingerprint)"
        case .key: "the key is its key"
        case .profile: expectations.profile.map { "\($0) accepts it as a CA" } ?? "it is a CA"
        case .alternativeNames: "it has all alternative names that are expected"
        }
    }
}
