import CertificateDecoding
import Certificates
import ExpiryRules
import OpenSSLBinding

/// Judges the certificates and lists of one registration: the rules that a pass and a look without memory share. It belongs
/// to one thread at a time.
package struct RegistrationVerifier {
    private let registration: Registration
    private let role: Role?
    private let check: RegistrationCheck

    /// - Parameters:
    ///   - registration: whose thresholds and need of revocation lists count.
    ///   - expectations: of its certificates.
    ///   - evidence: its CAs and lists. What OpenSSL cannot read of it vouches for nothing and revokes nothing.
    /// - Throws: `OpenSSLError` where memory is short.
    package init(
        _ registration: Registration, expecting expectations: CertificateExpectations,
        by evidence: JudgingEvidence = JudgingEvidence()
    ) throws {
        self.registration = registration
        role = expectations.role
        check = try RegistrationCheck(
            expectations, anchors: Self.certificates(evidence.anchors),
            intermediates: Self.certificates(evidence.intermediates),
            listAuthorities: Self.certificates(evidence.listAuthorities),
            lists: evidence.lists.compactMap { encoded in
                encoded.object.revocationList.flatMap { try? RegistrationCheck.EncodedList($0, der: encoded.der) }
            },
            checksRevocation: registration.checksRevocation)
    }

    /// Judges a certificate or list of the registration.
    ///
    /// - Parameters:
    ///   - encoded: of the registration.
    ///   - known: by issuer, the certificates that lists may revoke.
    ///   - now: the time of the verdict.
    /// - Returns: what is wrong with it, and what it depends on.
    /// - Throws: `OpenSSLError` where memory is short.
    package func verdict(
        on encoded: EncodedObject, revoking known: [String: [Certificate]] = [:], at now: Instant
    ) throws -> RegistrationCheck.Verdict {
        let object = encoded.object
        let misfit = ThresholdMisfit(registration.thresholds(for: object.kind), validity: object.validity)
        return try ownVerdict(on: encoded, revoking: known, at: now)
            .adding(misfit.map { CertificateFinding(.thresholdTooWide, $0.explanation) })
    }

    private func ownVerdict(
        on encoded: EncodedObject, revoking known: [String: [Certificate]], at now: Instant
    ) throws -> RegistrationCheck.Verdict {
        switch encoded.object {
        case .certificate(let certificate):
            guard let checked = checked(certificate, der: encoded.der) else {
                return .unverifiable(.pathInvalid, "OpenSSL cannot read it, and so no verifier")
            }
            let isCompanion = role != .ca && certificate.isCA && encoded.position > 0
            return try check.verdict(on: checked, isCompanion: isCompanion, at: now)
        case .revocationList(let list):
            guard let encodedList = try? RegistrationCheck.EncodedList(list, der: encoded.der) else {
                return .unverifiable(.listSignatureInvalid, "OpenSSL cannot read it")
            }
            return check.verdict(on: encodedList, revoking: known[list.issuer] ?? [], at: now)
        }
    }

    /// By our own reader where that is enough; nil where OpenSSL cannot read it either.
    private func checked(_ certificate: Certificate, der: [UInt8]) -> CheckedCertificate? {
        if !check.needsParsed, let facts = CertificateFacts(plainDER: der) { return .plain(certificate, facts) }
        return (try? VerifiableCertificate(certificate, der: der)).map { .parsed($0) }
    }

    private static func certificates(_ objects: [EncodedObject]) -> [VerifiableCertificate] {
        objects.compactMap { encoded in
            encoded.object.certificate.flatMap { try? VerifiableCertificate($0, der: encoded.der) }
        }
    }
}

extension RegistrationCheck.Verdict {
    /// One finding a code, in the order in which `FindingCode` has them.
    package var flaws: [CertificateFinding] { findings.oneForEachCode }

    fileprivate func adding(_ finding: CertificateFinding?) -> Self {
        guard let finding else { return self }
        return Self(
            findings: findings + [finding], earlyEnd: earlyEnd, authorities: authorities,
            revocationList: revocationList, reviewAt: reviewAt)
    }

    /// The verdict on something that OpenSSL does not read.
    fileprivate static func unverifiable(_ code: FindingCode, _ message: String) -> Self {
        Self(
            findings: [CertificateFinding(code, message)], earlyEnd: nil, authorities: [], revocationList: nil,
            reviewAt: nil)
    }
}

extension [CertificateFinding] {
    /// One for each code, in the order in which `FindingCode` has them; what several say of one code is joined.
    package var oneForEachCode: [CertificateFinding] {
        guard count > 1 else { return self }
        return FindingCode.allCases.compactMap { code in
            var messages: [String] = []
            for finding in self where finding.code == code && !messages.contains(finding.message) {
                messages.append(finding.message)
            }
            return messages.isEmpty ? nil : CertificateFinding(code, messages.joined(separator: "; "))
        }
    }
}
