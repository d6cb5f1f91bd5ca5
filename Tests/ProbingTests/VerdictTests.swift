import Certificates
import Foundation
import Probing
import Testing

@Suite struct `Verdict on a round of probes` {
    @Test(arguments: ProbeOutcome.allCases)
    func `a refusal without a certificate proves nothing unless the certificate was let in`(positive: ProbeOutcome) {
        let verdict = Verdict(positive: positive, withoutCertificate: .refusedNoCertificate, serverAsks: true)
        #expect((verdict == .enforced) == (positive == .accepted))
    }

    @Test(arguments: ProbeOutcome.allCases)
    func `any error is no refusal`(negative: ProbeOutcome) {
        for verdict in [
            Verdict(positive: .accepted, withoutCertificate: negative, serverAsks: false),
            Verdict(
                positive: .accepted, withoutCertificate: .refusedNoCertificate, withWrongCertificates: [negative],
                serverAsks: true),
        ] {
            switch negative.kind {
            case .accepted: #expect(verdict == .notEnforced)
            case .refused: #expect(verdict == .enforced)
            case .unreachable, .serverNotTrusted, .unclear, .ourFault: #expect(verdict == .inconclusive)
            case .cancelled: #expect(verdict == .cancelled)
            }
        }
    }

    @Test func `a server that asks and lets in whoever has nothing is optional, one that takes a wrong one is open`() {
        #expect(Verdict(positive: .accepted, withoutCertificate: .accepted, serverAsks: true) == .optional)
        #expect(Verdict(positive: .accepted, withoutCertificate: .accepted, serverAsks: false) == .notEnforced)
        #expect(
            Verdict(
                positive: .accepted, withoutCertificate: .accepted, withWrongCertificates: [.refusedByNginx],
                serverAsks: true) == .optional)
        #expect(
            Verdict(
                positive: .accepted, withoutCertificate: .refusedNoCertificate,
                withWrongCertificates: [.refusedUnknownCA, .accepted], serverAsks: true) == .notEnforced)
    }

    @Test(
        arguments: [
            (ProbeOutcome.refusedByNginx, Verdict.refusedOurs), (.timedOut, .timeout), (.connectFailed, .unreachable),
            (.nameLookupFailed, .unreachable), (.serverCertificateExpired, .serverCertificateExpired),
            (.serverCertificateUntrusted, .serverCertificateUntrusted),
            (.serverHostnameMismatch, .serverCertificateHostnameMismatch),
            (.serverCertificateInvalid, .serverCertificateInvalid), (.notTLS, .notTLS),
            (.handshakeFailed, .handshakeFailed), (.unexpectedStatus, .unexpectedAnswer),
            (.connectionLost, .unexpectedAnswer), (.clientFilesUnusable, .misconfigured),
        ])
    func `a positive probe that fails decides alone`(row: (positive: ProbeOutcome, verdict: Verdict)) {
        for negative in [ProbeOutcome.accepted, .refusedSilent, nil] {
            #expect(Verdict(positive: row.positive, withoutCertificate: negative, serverAsks: true) == row.verdict)
        }
    }

    @Test func `only enforced and accepted need nobody`() {
        #expect(Verdict.allCases.filter(\.isGood) == [.enforced, .accepted])
    }

    @Test func `nobody is said to have been refused with a certificate that was never shown`() {
        for outcome in ProbeOutcome.allCases where outcome.kind == .refused {
            let round = ProbeRound(positive: ProbeResult(outcome: outcome, certificate: .none))
            #expect(!round.explanation.contains("our client certificate"), "\(outcome)")
            #expect(round.explanation.contains("no client certificate is configured"), "\(outcome)")
        }
        let shown = ProbeRound(positive: ProbeResult(outcome: .refusedByNginx, certificate: .expired))
        #expect(shown.explanation.contains("has expired"))
    }

    @Test func `every outcome and every verdict has a text of its own`() {
        let texts = ProbeOutcome.allCases.map { $0.explanation(showing: .valid) }
        #expect(Set(texts).count == texts.count)
        #expect(Set(Verdict.allCases.map(\.meaning)).count == Verdict.allCases.count)
    }

    @Test func `the page of verdicts has each with its meaning, its likely cause and who can fix it`() throws {
        let page = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "docs/probes.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        func rows(_ heading: String) throws -> [[String]] {
            let section = try #require(text.components(separatedBy: "\n## ").first { $0.hasPrefix(heading + "\n") })
            return section.split(separator: "\n").filter { $0.hasPrefix("| `") }.map { row in
                row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            }
        }
        #expect(
            try rows("Verdicts")
                == Verdict.allCases.map { ["`\($0.rawValue)`", $0.meaning, $0.likelyCause, $0.fixer.rawValue] })
        #expect(
            try rows("Outcomes")
                == ProbeOutcome.allCases.map { ["`\($0.rawValue)`", $0.explanation(showing: .valid)] })
    }
}
