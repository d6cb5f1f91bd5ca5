import CertificateDecoding
import Certificates
import ExpiryRules
import OpenSSLBinding

/// Verifies the certificates and lists of one registration, by the rules that a pass and `Evaluation` share. It must be
/// used by one thread at a time.
package struct RegistrationVerifier {
    private let registration: Registration
    private let role: Role?
    private let check: RegistrationCheck

    /// - Parameters:
    ///   - registration: supplies the thresholds, and whether revocation lists are needed.
    ///   - expectations: the expectations for its certificates.
    ///   - evidence: its CAs and lists. Those that OpenSSL cannot parse are ignored.
    /// - Throws: `OpenSSLError` when memory is exhausted.
    package init(
        _ registration: Registration, expecting expectations: CertificateExpectations,
        by evidence: VerificationEvidence = VerificationEvidence()
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

    /// Verifies a certificate or list of the registration.
    ///
    /// - Parameters:
    ///   - encoded: an object of the registration.
    ///   - known: the certificates that lists may revoke, by issuer.
    ///   - now: the time of the verdict.
    /// - Returns: its findings, and what it depends on.
    /// - Throws: `OpenSSLError` when memory is exhausted.
    package func verdict(
        on encoded: EncodedObject, revoking known: [String: [Certificate]] = [:], at now: Instant
    ) throws -> RegistrationCheck.Verdict {
        let object = encoded.object
        let misfit = ThresholdMisfit(registration.thresholds(for: object.kind), validity: object.validity)
        return try ownVerdict(on: encoded, revoking: known, at: now)
            .adding(misfit.map { CertificateFinding(.thresholdTooWide, $0.flaw) })
    }

    private func ownVerdict(
        on encoded: EncodedObject, revoking known: [String: [Certificate]], at now: Instant
    ) throws -> RegistrationCheck.Verdict {
        switch encoded.object {
        case .certificate(let certificate):
            guard let checked = checked(certificate, der: encoded.der) else {
                return .unverifiable(.pathInvalid, .path(.unreadable(reason: nil)))
            }
            let isCompanion = role != .ca && certificate.isCA && encoded.position > 0
            return try check.verdict(on: checked, isCompanion: isCompanion, at: now)
        case .revocationList(let list):
            guard let encodedList = try? RegistrationCheck.EncodedList(list, der: encoded.der) else {
                return .unverifiable(.listSignatureInvalid, .list(.unreadable))
            }
            return check.verdict(on: encodedList, revoking: known[list.issuer] ?? [], at: now)
        }
    }

    /// Uses our own decoder when it suffices. nil when OpenSSL cannot parse the certificate either.
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
    /// At most one finding for each code, in the order of `FindingCode`.
    package var flaws: [CertificateFinding] { findings.oneForEachCode }

    fileprivate func adding(_ finding: CertificateFinding?) -> Self {
        guard let finding else { return self }
        return Self(
            findings: findings + [finding], earlyEnd: earlyEnd, authorities: authorities,
            revocationList: revocationList, reviewAt: reviewAt)
    }

    /// The verdict on an object that OpenSSL cannot parse.
    fileprivate static func unverifiable(_ code: FindingCode, _ flaw: FlawFact) -> Self {
        Self(
            findings: [CertificateFinding(code, flaw)], earlyEnd: nil, authorities: [], revocationList: nil,
            reviewAt: nil)
    }
}

extension [CertificateFinding] {
    /// At most one finding for each code, in the order of `FindingCode`. It has the facts of all findings with its code.
    package var oneForEachCode: [CertificateFinding] {
        guard count > 1 else { return self }
        return FindingCode.allCases.compactMap { code in
            var flaws: [FlawFact] = []
            for finding in self where finding.code == code {
                flaws += finding.flaws.filter { !flaws.contains($0) }
            }
            return flaws.isEmpty ? nil : CertificateFinding(code, flaws)
        }
    }
}
