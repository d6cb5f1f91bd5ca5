import CertificateDecoding
import Certificates
import Probing

/// `probe --explain`: what both sides sent, what it means, who can fix it, and the commands to reproduce it.
struct ProbeExplanation {
    let endpoint: Endpoint
    let report: ProbeReport

    /// All untrusted text is escaped.
    func lines(on terminal: Terminal) -> [String] {
        let word = terminal.coloured(report.verdict.rawValue.replacing("_", with: " "), isGood: report.verdict.isGood)
        var lines = [row("meaning", report.verdict.meaning)]
        if !report.verdict.isGood {
            lines += [
                row("likely cause", report.verdict.likelyCause), row("who can fix it", report.verdict.fixer.rawValue),
            ]
        }
        for round in report.rounds { lines += ["", heading(of: round)] + rows(of: round) }
        if !report.predictedFindings.isEmpty { lines += ["", "Foreseen"] }
        lines += report.predictedFindings.map { row($0.code.rawValue, "\($0.message). \($0.code.remedy)") }
        lines += ["", "The same by other tools"] + ProbeCommands(endpoint: endpoint).lines.map { "  " + $0 }
        let head = "\(word)  \(TerminalText.escaped("\(report.name)  \(report.url)"))"
        return [head] + lines.map(TerminalText.escaped)
    }

    private func heading(of round: ProbeRound) -> String {
        "Probed at \(round.address ?? round.positive.peerAddress ?? "no address")"
    }

    private func rows(of round: ProbeRound) -> [String] {
        var rows = [row("server asked", asked(round)), row("server presented", presented(round))]
        let own = round.positive.certificate == .none ? "without certificate" : "with certificate"
        rows += probe(own, sent: shown, round.positive)
        if let negative = round.negative { rows += probe("without certificate", sent: "no certificate", negative) }
        for wrong in round.wrong {
            rows += probe("with \(wrong.name)", sent: "the wrong certificate \(wrong.name)", wrong.result)
        }
        return rows
    }

    private var shown: String {
        guard let client = report.clientCertificate else { return "no certificate" }
        return
            "\(client.name), issued by \(client.issuer), ends at \(end(of: client)), SHA-256 \(client.fingerprint)"
    }

    private func probe(_ name: String, sent: String, _ result: ProbeResult) -> [String] {
        var answer = [
            result.status.map { "HTTP \($0)" }, result.alert.map { "TLS alert \($0)" }, result.httpVersion,
            result.tlsVersion, result.rayID.map { "ray \($0)" }, result.message,
        ].compactMap(\.self)
        if answer.isEmpty { answer = ["nothing"] }
        return [
            "  \(name)", row("  sent", "\(request), showing \(sent)"),
            row("  answered", answer.joined(separator: ", ")),
            row("  outcome", "\(result.outcome.rawValue): \(result.explanation)"), row("  took", took(result.timings)),
        ]
    }

    private var request: String {
        guard let target = try? ProbeTarget(endpoint) else { return "nothing" }
        switch target.kind {
        case .https:
            return "\(endpoint.request.method) \(target.path.isEmpty ? "/" : target.path)"
        case .wss: return "a WebSocket upgrade of \(target.path.isEmpty ? "/" : target.path)"
        case .postgresql, .mysql: return "a login as \(target.user ?? "no particular user")"
        case .tls, .smtp, .imap, .pop3, .ftp, .ldap: return "a TLS handshake"
        }
    }

    private func took(_ timings: PhaseTimings) -> String {
        let steps = [
            ("DNS", timings.nameLookup), ("connect", timings.connect), ("TLS", timings.tlsHandshake),
            ("first byte", timings.firstByte),
        ]
        let parts =
            steps.compactMap { name, value in value.map { "\(name) \($0) ms" } } + ["in all \(timings.total) ms"]
        return parts.joined(separator: ", ")
    }

    private func asked(_ round: ProbeRound) -> String {
        guard round.clientCertificateRequested else { return "for no client certificate in the handshake" }
        let names = round.acceptableAuthorities.map { DistinguishedName.text(der: $0) ?? "(an unreadable name)" }
        guard !names.isEmpty else { return "for a client certificate, of a CA that it does not name" }
        let ours =
            switch round.issuerListing {
            case .listed: "ours is among them"
            case .missing: "the issuer of ours is not among them"
            case .notStated: "we have none to compare"
            }
        return "for a client certificate of \(names.joined(separator: " or ")); \(ours)"
    }

    private func presented(_ round: ProbeRound) -> String {
        let certificates = (try? CertificateDecoder())?.bundle(presented: round.presentedChain).certificates ?? []
        let texts = certificates.map { "\($0.name) until \(end(of: $0))" }
        return texts.isEmpty ? "no certificate" : texts.joined(separator: ", then ")
    }

    private func end(of certificate: Certificate) -> String {
        switch certificate.validity.expiry {
        case .at(let instant): instant.description
        case .never: "never"
        case .unreadable: "a date that cannot be read"
        }
    }

    private func row(_ name: String, _ text: String) -> String {
        "  " + name.padding(toLength: 18) + text
    }
}

extension String {
    fileprivate func padding(toLength length: Int) -> String {
        self + String(repeating: " ", count: max(length - count, 1))
    }
}
