import CertificateDecoding
import Certificates
import Configuration
import ExpiryRules
import LedgerStorage
import OpenSSLBinding
import Verification

/// Verifies client certificates that an edge forwards, by the CAs, lists and expectations of a registration, for servers
/// that ask before each request (`auth_request` of nginx).
///
/// The CAs and lists are those of the ledger. They are prepared once, and again when a pass has changed them.
package actor ForwardedVerifier {
    /// Whether a client may be let in.
    package enum Answer: Hashable, Sendable {
        case accepted(Certificate)
        /// The reason is a sentence for the log of the server. It may quote the certificate.
        case refused(reason: String)
        /// The question has no answer: there is no such registration, or it has no CA.
        case unanswerable(reason: String)
    }

    /// The material for the certificates of one registration.
    private struct Prepared {
        let registration: Registration
        let expected: RegistrationExpectations?
        let grounds: [Fingerprint]
        let check: ForwardedCertificateCheck
        let hasAuthorities: Bool
        let hasLists: Bool
        /// When the ledger was last asked whether CAs or lists changed.
        var confirmedAt: Instant
    }

    /// How old the answer of the ledger may be.
    private static let freshness = TimeSpan(seconds: 10)

    private let ledger: Ledger
    private let decoder: CertificateDecoder
    private var prepared: [String: Prepared] = [:]

    /// - Parameter ledger: has the CAs and lists.
    /// - Throws: `OpenSSLError` when OpenSSL provides no SHA-256.
    package init(ledger: Ledger) throws {
        self.ledger = ledger
        decoder = try CertificateDecoder()
    }

    /// Verifies a forwarded certificate.
    ///
    /// - Parameters:
    ///   - lines: the header and those that belong to it, as lines of a request; nil when the request does not have it.
    ///   - header: the name of the header.
    ///   - name: the registration: of client certificates with an issuer, or of CAs.
    ///   - settings: the configuration in use.
    ///   - now: the time of verification.
    /// - Returns: whether the client may be let in.
    /// - Throws: `LedgerError` when the ledger cannot be read; `OpenSSLError` when memory is exhausted.
    package func answer(
        to lines: [UInt8]?, in header: String, by name: String, of settings: Settings, at now: Instant
    ) async throws -> Answer {
        let plan = settings.plan
        guard let registration = plan.registration(named: name) else {
            return .unanswerable(reason: "the configuration has no registration named \(name)")
        }
        let prepared = try await material(for: registration, settings.expectations[name], in: plan, at: now)
        guard prepared.hasAuthorities else {
            return .unanswerable(
                reason: "no CA is known for \(name): name a registration of CAs, or one with an issuer, and make a pass"
            )
        }
        guard let lines else {
            return .refused(reason: "no certificate was forwarded in \(header)")
        }
        if registration.checksRevocation, !prepared.hasLists {
            return .refused(reason: "no revocation list of its CA is registered, and \(name) checks revocation")
        }
        let report: VerificationReport
        do {
            report = try prepared.check.report(
                onForwarded: lines, header: ForwardedHeader(header), decoder: decoder, at: now)
        } catch ForwardedCertificateError.empty {
            return .refused(reason: "no certificate was forwarded in \(header)")
        }
        let reasons = Self.reasons(against: report, checksRevocation: registration.checksRevocation)
        guard let certificate = report.certificate, reasons.isEmpty else {
            return .refused(reason: reasons.isEmpty ? "no certificate could be read" : reasons.joined(separator: "; "))
        }
        return .accepted(certificate)
    }

    /// Why a certificate is refused. Without `checksRevocation` a missing or stale list is no reason, as in a pass. A
    /// revoked certificate is always refused.
    private static func reasons(against report: VerificationReport, checksRevocation: Bool) -> [String] {
        report.results.filter { !$0.holds }.compactMap { result in
            guard result.check == .revocation, !checksRevocation,
                !report.findings.contains(where: { $0.code == .revoked })
            else { return result.message }
            return nil
        }
    }

    private func material(
        for registration: Registration, _ expected: RegistrationExpectations?, in plan: WatchPlan, at now: Instant
    ) async throws -> Prepared {
        let name = registration.name
        if let known = prepared[name], known.registration == registration, known.expected == expected,
            known.confirmedAt <= now, now - known.confirmedAt < Self.freshness
        {
            return known
        }
        // The clients of a CA are verified like those of a registration with it as issuer.
        let clients =
            registration.role == .ca
            ? Registration(
                name: name, role: .client, issuer: name, checksRevocation: registration.checksRevocation) : registration
        let grounds = VerificationGrounds(of: clients, in: plan)
        let anchors = try await ledger.support(.authorities, of: grounds.anchors)
        let intermediates = try await ledger.support(.authorities, of: grounds.intermediates)
        let lists = try await ledger.support(.revocationLists, of: grounds.lists)
        let all = anchors + intermediates + lists
        if var known = prepared[name], known.registration == registration, known.expected == expected,
            known.grounds == all
        {
            known.confirmedAt = now
            prepared[name] = known
            return known
        }
        let evidence = VerificationEvidence(
            anchors: try await ledger.encoded(anchors), intermediates: try await ledger.encoded(intermediates),
            lists: try await ledger.encoded(lists))
        var expectations = CertificateExpectations(
            purpose: .client, commonName: expected?.commonName, alternativeNames: expected?.alternativeNames ?? [])
        expectations.securityLevel = expected?.securityLevel ?? .ofMachine
        let new = Prepared(
            registration: registration, expected: expected, grounds: all,
            check: ForwardedCertificateCheck(expectations, by: evidence), hasAuthorities: !anchors.isEmpty,
            hasLists: !lists.isEmpty, confirmedAt: now)
        prepared[name] = new
        return new
    }
}
