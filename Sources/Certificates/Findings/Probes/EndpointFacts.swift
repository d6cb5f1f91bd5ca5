/// The facts of a finding about an endpoint: what its probes of one round had as a result.
package struct EndpointFacts: Hashable, Sendable, Codable {
    /// One probe with one client certificate or none.
    package struct ProbeFact: Hashable, Sendable, Codable {
        package let outcome: ProbeOutcome
        package let certificate: ClientCertificateFact
        /// The notAfter of the client certificate.
        package var certificateEnd: Instant?
        /// Whether the server asked for a client certificate.
        package var wasAsked = false
        package var status: Int?
        /// The number of a TLS alert.
        package var alert: UInt8?
        package var rayID: String?
        package var unmet: [UnmetExpectation] = []
        /// The text of libcurl, OpenSSL or the system; nil if `unmet` has the reason.
        package var reason: String?

        package init(outcome: ProbeOutcome, certificate: ClientCertificateFact) {
            self.outcome = outcome
            self.certificate = certificate
        }
    }

    /// A probe with a certificate that must be refused.
    package struct WrongCertificateProbe: Hashable, Sendable, Codable {
        package let name: String
        package let probe: ProbeFact

        package init(name: String, probe: ProbeFact) {
            self.name = name
            self.probe = probe
        }
    }

    package let name: String
    package let url: String
    package let verdict: Verdict
    /// The address, if several are probed.
    package var address: String?
    package let positive: ProbeFact
    package var negative: ProbeFact?
    package var wrong: [WrongCertificateProbe] = []
    /// Whether the server asked for a client certificate in the handshake.
    package var isCertificateRequested = false
    package var issuerListing = IssuerListing.notStated

    package init(name: String, url: String, verdict: Verdict, positive: ProbeFact) {
        self.name = name
        self.url = url
        self.verdict = verdict
        self.positive = positive
    }
}

/// The reason for the next step, in every language.
extension EndpointFacts {
    private enum Step {
        /// The server must require and verify client certificates.
        case demand
        /// Something else than the certificate makes the difference between the probes.
        case findDifference
        case configureCertificate
        /// The server's list of CAs lacks the issuer of our certificate.
        case listIssuer
        case renew
        case checkClocks
        case explain(ProbeFact)
    }

    private var step: Step {
        switch verdict {
        case .optional, .notEnforced: return .demand
        case .inconclusive:
            let probes = (negative.map { [$0] } ?? []) + wrong.map(\.probe)
            return probes.first { !$0.outcome.provesRefusal }.map { .explain($0) } ?? .findDifference
        case .refusedOurs where positive.certificate == .none: return .configureCertificate
        // The dates of our certificate are known for certain, and the server's list of CAs is stronger than a guess.
        case .refusedOurs where datesAreCause: return positive.certificate == .expired ? .renew : .checkClocks
        case .refusedOurs where issuerListing == .missing: return .listIssuer
        case .refusedOurs, .enforced, .accepted, .cancelled, .misconfigured, .unexpectedAnswer, .handshakeFailed,
            .notTLS, .serverCertificateUntrusted, .serverCertificateHostnameMismatch, .serverCertificateExpired,
            .serverCertificateInvalid, .timeout, .unreachable:
            return datesAreCause
                ? (positive.certificate == .expired ? .renew : .checkClocks) : .explain(positive)
        }
    }

    private var datesAreCause: Bool {
        [.expired, .notYetValid].contains(positive.certificate) && positive.wasAsked && positive.outcome.leavesCauseOpen
    }

    /// The next step, as one sentence.
    package func remedy(in language: Language) -> String {
        switch language {
        case .english: englishRemedy
        case .japanese: japaneseRemedy
        }
    }

    private var englishRemedy: String {
        switch step {
        case .demand: "Make the server require a client certificate and verify it."
        case .findDifference:
            "Find out what made the difference between the probes: the server asked for no client certificate."
        case .configureCertificate: "Set tls_config.cert_file and key_file for the endpoint."
        case .listIssuer:
            "Ask the server's operator to accept the issuer of our client certificate, which is not among its CAs."
        case .renew:
            "Renew the client certificate, which has expired\(positive.certificateEnd.map { " (notAfter \($0))" } ?? "")."
        case .checkClocks: "Check both clocks, or wait: the client certificate is not valid yet."
        case .explain(let probe): probe.outcome.explanation(showing: probe.certificate)
        }
    }

    private var japaneseRemedy: String {
        switch step {
        case .demand: "サーバーがクライアント証明書を必須とし、検証するように設定してください。"
        case .findDifference: "サーバーはクライアント証明書を求めていないため、結果の違いの原因を調べてください。"
        case .configureCertificate: "このエンドポイントに tls_config.cert_file と key_file を設定してください。"
        case .listIssuer: "クライアント証明書の発行者がサーバーのCAの一覧にないため、サーバーの管理者に追加を依頼してください。"
        case .renew:
            "クライアント証明書の期限が切れているため\(positive.certificateEnd.map { "（notAfter \($0)）" } ?? "")、更新してください。"
        case .checkClocks: "クライアント証明書がまだ有効でないため、両方の時計を確認するか、notBefore まで待ってください。"
        case .explain(let probe): probe.outcome.japanese(showing: probe.certificate)
        }
    }
}

extension EndpointFacts: Phrase {
    package var english: String {
        "\(name) (\(url)): \(meaning) (\(address.map { "\($0): " } ?? "")\(evidence))"
    }

    private var meaning: String {
        let isOpen = verdict == .refusedOurs && negative?.outcome == .accepted
        let besides = isOpen ? ", and accepts every client without a certificate" : ""
        guard verdict == .refusedOurs, !isAsked else { return verdict.clause + besides }
        return "the endpoint refuses us, and asked for no client certificate in the handshake" + besides
    }

    /// Whether the server asked for a certificate, in the handshake or by its answer.
    private var isAsked: Bool {
        isCertificateRequested || [.refusedNoCertificate, .refusedApachePostHandshake].contains(positive.outcome)
    }

    private var evidence: String {
        let with = positive.certificate == .none ? "probed" : "with the certificate"
        let parts =
            ["\(with): \(positive.english)"] + (negative.map { ["without it: \($0.english)"] } ?? [])
            + wrong.map { "with \($0.name): \($0.probe.english)" }
        return parts.joined(separator: "; ")
    }

    package var japanese: String {
        let isOpen = verdict == .refusedOurs && negative?.outcome == .accepted
        let besides = isOpen ? "が、証明書のないクライアントは受け入れています" : ""
        let meaning =
            verdict == .refusedOurs && !isAsked ? "エンドポイントは証明書を求めずに接続を拒否しています" : verdict.japanese
        let parts =
            ["\(positive.certificate == .none ? "確認結果" : "証明書あり"): \(positive.japanese)"]
            + (negative.map { ["証明書なし: \($0.japanese)"] } ?? [])
            + wrong.map { "\(JapaneseText.quoted($0.name)): \($0.probe.japanese)" }
        return "\(JapaneseText.quoted(name))（\(url)）: \(meaning)\(besides)"
            + "（\(address.map { "\($0)、" } ?? "")\(parts.joined(separator: "、"))）"
    }
}

extension EndpointFacts.ProbeFact: Phrase {
    /// `refused_unknown_ca (alert unknown_ca (48))`
    package var english: String {
        let known = details(unmet: unmet.isEmpty ? reason : unmet.clause(in: .english))
        return outcome.rawValue + (known.isEmpty ? "" : " (\(known.joined(separator: ", ")))")
    }

    package var japanese: String {
        let known = details(
            unmet: unmet.isEmpty ? reason.map { JapaneseText.quoted($0) } : unmet.clause(in: .japanese))
        return outcome.rawValue + (known.isEmpty ? "" : "（\(known.joined(separator: "、"))）")
    }

    private func details(unmet: String?) -> [String] {
        [
            status.map { "HTTP \($0)" }, alert.map { "alert \(TLSAlert(number: $0))" }, rayID.map { "ray \($0)" },
            unmet,
        ].compactMap(\.self)
    }
}

extension Verdict {
    /// The meaning as a clause.
    fileprivate var clause: String {
        let sentence = meaning.hasSuffix(".") ? String(meaning.dropLast()) : meaning
        return sentence.hasPrefix("mTLS") ? sentence : sentence.prefix(1).lowercased() + sentence.dropFirst()
    }
}
