import Certificates
import Foundation
import Probing
import Testing
import TransportSecurity

@Suite struct `Verdict on a round of probes` {
    @Test(arguments: ProbeOutcome.allCases)
    func `a refusal without a certificate proves nothing unless the certificate was let in`(positive: ProbeOutcome) {
        let verdict = Verdict(positive: positive, withoutCertificate: .refusedNoCertificate, serverAsks: true)
        #expect((verdict == .enforced) == (positive == .accepted))
    }

    @Test(arguments: ProbeOutcome.allCases)
    func `any error is no refusal`(negative: ProbeOutcome) {
        for verdict in [
            Verdict(positive: .accepted, withoutCertificate: negative, serverAsks: true),
            Verdict(
                positive: .accepted, withoutCertificate: .refusedNoCertificate, withWrongCertificates: [negative],
                serverAsks: true),
        ] {
            switch negative.kind {
            case .accepted: #expect([.optional, .notEnforced].contains(verdict))
            case .refused where negative == .refusedKeyCannotSign: #expect(verdict == .inconclusive)
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
            (.connectionLost, .unexpectedAnswer), (.unmetExpectation, .unexpectedAnswer),
            (.serverFailed, .unexpectedAnswer), (.clientFilesUnusable, .misconfigured),
        ])
    func `a positive probe that fails decides where nobody else gets in`(
        row: (positive: ProbeOutcome, verdict: Verdict)
    ) {
        for negative in [ProbeOutcome.refusedNoCertificate, .refusedSilent, .closedSilently, .unexpectedStatus, nil] {
            #expect(Verdict(positive: row.positive, withoutCertificate: negative, serverAsks: true) == row.verdict)
        }
    }

    /// The verdicts when a client without the right certificate is accepted, by the outcome of our own probe.
    @Test(
        arguments: [
            (ProbeOutcome.accepted, Verdict.enforced), (.unmetExpectation, .unexpectedAnswer),
            (.unexpectedStatus, .unexpectedAnswer), (.upgradeBroken, .unexpectedAnswer),
            (.closedSilently, .unexpectedAnswer), (.timedOut, .timeout), (.connectFailed, .unreachable),
        ])
    func `who is let in is judged before what was answered`(row: (positive: ProbeOutcome, closed: Verdict)) {
        func verdict(_ without: ProbeOutcome, wrong: ProbeOutcome, asks: Bool = true) -> Verdict {
            Verdict(
                positive: row.positive, withoutCertificate: without, withWrongCertificates: [wrong], serverAsks: asks)
        }
        #expect(verdict(.refusedNoCertificate, wrong: .refusedUnknownCA) == row.closed)
        #expect(verdict(.accepted, wrong: .refusedUnknownCA) == .optional)
        #expect(verdict(.accepted, wrong: .unexpectedStatus) == .optional)
        #expect(verdict(.accepted, wrong: .accepted) == .notEnforced)
        #expect(verdict(.refusedNoCertificate, wrong: .accepted) == .notEnforced)
        #expect(verdict(.accepted, wrong: .accepted, asks: false) == .notEnforced)
        #expect(verdict(.accepted, wrong: .closedSilently, asks: false) == .notEnforced)
    }

    @Test func `an open door and a failed expectation are both told, the door first`() throws {
        var round = ProbeRound(
            positive: ProbeResult(outcome: .unmetExpectation, certificate: .valid, reason: "it is late"),
            negative: ProbeResult(outcome: .accepted))
        #expect(round.verdict == .notEnforced)
        round.clientCertificateRequested = true
        #expect(round.verdict == .optional)
        let door = try #require(round.explanation.firstRange(of: "Let in: the probe without a certificate."))
        let answer = try #require(round.explanation.firstRange(of: "The endpoint answered, but not as expected"))
        #expect(door.lowerBound < answer.lowerBound)
    }

    @Test func `a refusal of ours stays the greater trouble, and says that others get in`() {
        var round = ProbeRound(
            positive: ProbeResult(outcome: .refusedUnknownCA, certificate: .valid),
            negative: ProbeResult(outcome: .accepted))
        round.clientCertificateRequested = true
        #expect(round.verdict == .refusedOurs)
        #expect(round.explanation.hasSuffix("It lets in every client that shows no certificate."))
    }

    @Test func `a server that asks for no certificate has refused for another reason`() {
        for negative in [ProbeOutcome.refusedStatus, .refusedByMark, .refusedSilent] {
            let round = ProbeRound(
                positive: ProbeResult(outcome: .accepted, certificate: .valid), negative: ProbeResult(outcome: negative)
            )
            #expect(round.verdict == .inconclusive)
            #expect(round.explanation.contains("asked for no client certificate"))
        }
        for certificate in [ClientCertificateFact.none, .valid, .expired] {
            let round = ProbeRound(positive: ProbeResult(outcome: .refusedStatus, certificate: certificate))
            #expect(!round.explanation.contains("set tls_config.cert_file"))
            #expect(!round.explanation.contains("refuses our client certificate"))
            #expect(!round.explanation.contains("has expired"))
        }
    }

    @Test(arguments: [
        ProbeOutcome.refusedStatus, .refusedSilent, .refusedByCloudflare, .refusedByMark, .refusedBadCertificate,
        .refusedByNginx, .refusedByDatabase, .refusedPolicy,
    ])
    func `what is certain is said first: our own dates, then the list of CAs, then what may be`(outcome: ProbeOutcome)
        throws
    {
        var result = ProbeResult(outcome: outcome, certificate: .expired)
        result.wasAsked = true
        result.certificateEnd = Instant(seconds: 1_609_459_200)
        var round = ProbeRound(positive: result)
        round.clientCertificateRequested = true
        round.issuerListing = .missing
        let text = round.explanation
        let expired = try #require(text.firstRange(of: "has expired"))
        let listing = try #require(text.firstRange(of: "the issuer of ours is not among them"))
        #expect(expired.lowerBound < listing.lowerBound)
        round.positive.certificate = .valid
        let valid = round.explanation
        let missing = try #require(valid.firstRange(of: "the issuer of ours is not among them"))
        let guess = try #require(valid.firstRange(of: outcome.explanation(showing: .valid)))
        #expect(missing.lowerBound < guess.lowerBound)
    }

    @Test func `only enforced and accepted need nobody`() {
        #expect(Verdict.allCases.filter(\.isGood) == [.enforced, .accepted])
    }

    @Test func `nobody is said to have been refused with a certificate that was never shown`() {
        for outcome in ProbeOutcome.allCases where outcome.kind == .refused {
            var round = ProbeRound(positive: ProbeResult(outcome: outcome, certificate: .none))
            round.clientCertificateRequested = true
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
