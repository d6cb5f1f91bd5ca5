import Certificates
import TransportSecurity

/// The probes of one round at one address.
package struct ProbeRound: Hashable, Sendable {
    /// A probe with a certificate that must be refused.
    package struct WrongCertificateProbe: Hashable, Sendable {
        package let name: String
        package let result: ProbeResult
    }

    /// The address that was given for the connection. nil when the host's name was used.
    package var address: String?
    package var positive: ProbeResult
    /// nil when it was skipped.
    package var negative: ProbeResult?
    package var wrong: [WrongCertificateProbe] = []
    /// The DER of the certificates that the server presented, its own first, even if their verification failed.
    package var presentedChain: [[UInt8]] = []
    /// The DER of the paths with which the server was verified, its own certificate first. Empty when it was not
    /// verified.
    package var verifiedPaths: [[[UInt8]]] = []
    /// Whether the server asked for a client certificate during the handshake.
    package var clientCertificateRequested = false
    /// The DER of the CA names that the server accepts.
    package var acceptableAuthorities: [[UInt8]] = []
    package var issuerListing = IssuerListing.notStated

    package init(positive: ProbeResult, negative: ProbeResult? = nil) {
        self.positive = positive
        self.negative = negative
    }

    /// The certificates of the presented chain that are on a verified path. All of them when the server was not
    /// verified, since then nothing shows which are unnecessary.
    package var neededChain: [[UInt8]] {
        let onPath = Set(verifiedPaths.flatMap(\.self))
        let needed = presentedChain.filter(onPath.contains)
        return needed.isEmpty ? presentedChain : needed
    }

    package var verdict: Verdict {
        Verdict(
            positive: positive.outcome, withoutCertificate: negative?.outcome,
            withWrongCertificates: wrong.map(\.result.outcome), serverAsks: clientCertificateRequested)
    }

    /// The verdict in a few sentences for a person, with the reason of a failure and the next step.
    package var explanation: String {
        let verdict = verdict
        switch verdict {
        case .enforced, .accepted, .cancelled: return verdict.meaning
        case .optional, .notEnforced:
            let besides =
                positive.outcome == .accepted ? "" : " Besides, with the certificate: \(positive.explanation)"
            return "\(verdict.meaning) Let in: the probe \(culprit(where: { $0.outcome == .accepted })?.name ?? "")."
                + " Make the server require and verify one.\(besides)"
        case .inconclusive:
            guard let culprit = culprit(where: { !$0.outcome.provesRefusal }) else {
                return "\(verdict.meaning) The server asked for no client certificate, so that none was shown: "
                    + "whatever made the difference was something else."
            }
            return "\(verdict.meaning) The one \(culprit.name): \(culprit.result.explanation)"
        case .refusedOurs:
            let openDoor = negative?.outcome == .accepted ? "It lets in every client that shows no certificate." : nil
            // The dates of our certificate are known for certain, and the server's list of CAs is stronger than a
            // guess.
            let datesAreCause = [.expired, .notYetValid].contains(positive.certificate)
            let causes = datesAreCause ? [positive.explanation, listing] : [listing, positive.explanation]
            return ([refusal] + causes + [openDoor]).compactMap(\.self).joined(separator: " ")
        case .misconfigured, .unexpectedAnswer, .handshakeFailed, .notTLS, .serverCertificateUntrusted,
            .serverCertificateHostnameMismatch, .serverCertificateExpired, .serverCertificateInvalid, .timeout,
            .unreachable:
            return positive.explanation
        }
    }

    /// The facts about a refusal that do not depend on its outcome. They never contradict the handshake.
    private var refusal: String {
        let isDemand = [.refusedNoCertificate, .refusedApachePostHandshake].contains(positive.outcome)
        return switch (positive.certificate, clientCertificateRequested || isDemand) {
        case (.none, true):
            "The endpoint refuses us, and no client certificate is configured: set tls_config.cert_file and key_file."
        case (.none, false): "The endpoint refuses us, and asked for no client certificate in the handshake."
        case (_, true): "The endpoint refuses our client certificate."
        case (_, false):
            "The endpoint refuses us, and asked for no client certificate in the handshake, so that ours was not sent."
        }
    }

    private var listing: String? {
        issuerListing == .missing
            ? "The server names the CAs that it takes, and the issuer of ours is not among them." : nil
    }

    /// The first negative probe that causes a bad verdict.
    private func culprit(where isCulprit: (ProbeResult) -> Bool) -> (name: String, result: ProbeResult)? {
        if let negative, isCulprit(negative) { return ("without a certificate", negative) }
        return wrong.first { isCulprit($0.result) }.map { ("with the wrong certificate \"\($0.name)\"", $0.result) }
    }

    /// The results of the probes in one line: `with the certificate: refused_unknown_ca (alert unknown_ca (48))`.
    package var evidence: String {
        let with = positive.certificate == .none ? "Probed" : "With the certificate"
        let parts =
            ["\(with): \(positive.evidence)"] + (negative.map { ["without it: \($0.evidence)"] } ?? [])
            + wrong.map { "with \($0.name): \($0.result.evidence)" }
        return parts.joined(separator: "; ") + "."
    }
}

extension ProbeResult {
    /// The outcome's name and its facts.
    package var evidence: String {
        let details = [
            status.map { "HTTP \($0)" }, alert.map { "alert \($0)" }, rayID.map { "ray \($0)" }, message,
        ]
        let known = details.compactMap(\.self)
        return outcome.rawValue + (known.isEmpty ? "" : " (\(known.joined(separator: ", ")))")
    }
}

extension ProbeRound {
    enum CodingKeys: String, CodingKey {
        case address
        case verdict
        case positive
        case negative
        case wrong = "wrong_client_certificates"
        case clientCertificateRequested = "client_certificate_requested"
        case issuerListing = "client_certificate_issuer"
    }

    /// Encodes all keys except `address` and `verdict`. `negative` is null when it was skipped.
    func encodeProbes(into container: inout KeyedEncodingContainer<CodingKeys>) throws {
        try container.encode(positive, forKey: .positive)
        try container.encode(negative, forKey: .negative)
        try container.encode(wrong, forKey: .wrong)
        try container.encode(clientCertificateRequested, forKey: .clientCertificateRequested)
        try container.encode(issuerListing.rawValue, forKey: .issuerListing)
    }
}

extension ProbeRound: Encodable {
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(address, forKey: .address)
        try container.encode(verdict.rawValue, forKey: .verdict)
        try encodeProbes(into: &container)
    }
}

extension ProbeRound.WrongCertificateProbe: Encodable {
    private enum CodingKeys: String, CodingKey {
        case name
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try result.encode(to: encoder)
    }
}
