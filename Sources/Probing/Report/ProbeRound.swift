/// The probes of one round at one address.
package struct ProbeRound: Hashable, Sendable {
    /// A probe with a certificate that must be refused.
    package struct WrongCertificateProbe: Hashable, Sendable {
        package let name: String
        package let result: ProbeResult
    }

    /// Where it connected, when that was laid down before; nil where the host's name decided.
    package var address: String?
    package var positive: ProbeResult
    /// nil when it was skipped.
    package var negative: ProbeResult?
    package var wrong: [WrongCertificateProbe] = []
    /// DER of the certificates that the server presented, its own first; also when they failed verification.
    package var presentedChain: [[UInt8]] = []
    /// Whether the server asked for a client certificate during the handshake.
    package var clientCertificateRequested = false
    /// The names, in DER, of the CAs whose certificates the server says it takes.
    package var acceptableAuthorities: [[UInt8]] = []
    package var issuerListing = IssuerListing.notTold

    package init(positive: ProbeResult, negative: ProbeResult? = nil) {
        self.positive = positive
        self.negative = negative
    }

    package var verdict: Verdict {
        Verdict(
            positive: positive.outcome, withoutCertificate: negative?.outcome,
            withWrongCertificates: wrong.map(\.result.outcome), serverAsks: clientCertificateRequested)
    }

    /// The verdict in a sentence or two for people, with the reason of a failure and the next step.
    package var explanation: String {
        let verdict = verdict
        guard positive.outcome == .accepted || verdict == .cancelled else {
            guard verdict == .refusedOurs else { return positive.explanation }
            let listing =
                issuerListing == .missing
                ? " The server names the CAs that it takes, and the issuer of ours is not among them." : ""
            return "\(refusal) \(positive.explanation)\(listing)"
        }
        guard let culprit = negatives(behind: verdict).first else { return verdict.meaning }
        let probe = culprit.name.map { "with the wrong certificate \"\($0)\"" } ?? "without a certificate"
        return verdict == .inconclusive
            ? "\(verdict.meaning) The one \(probe): \(culprit.result.explanation)"
            : "\(verdict.meaning) Let in: the probe \(probe). Make the server require and verify one."
    }

    private var refusal: String {
        positive.certificate == .none
            ? "The endpoint refuses us, and no client certificate is configured: set tls_config.cert_file and key_file."
            : "The endpoint refuses our client certificate."
    }

    /// The negative probes that a bad verdict rests on; a name is a wrong certificate's.
    private func negatives(behind verdict: Verdict) -> [(name: String?, result: ProbeResult)] {
        let all = (negative.map { [(name: String?.none, result: $0)] } ?? []) + wrong.map { ($0.name, $0.result) }
        switch verdict {
        case .optional, .notEnforced: return all.filter { $0.result.outcome == .accepted }
        case .inconclusive: return all.filter { $0.result.outcome.kind != .refused }
        default: return []
        }
    }

    /// What the probes met, in one line: `with the certificate: refused_unknown_ca (alert unknown_ca (48))`.
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

    /// All keys but `address` and `verdict`; `negative` is null when it was skipped.
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
