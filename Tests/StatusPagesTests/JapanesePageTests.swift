import Certificates
import ExpiryRules
import Foundation
import LedgerStorage
import TestSupport
import Testing

@testable import StatusPages

/// The pages in Japanese, with findings of every code.
struct JapanesePageTests {
    /// The visible text outside of code.
    private static func text(of page: RenderedPage) -> String {
        var text = page.body
        for hidden in [/(?s)<style.*?<\/style>/, /(?s)<svg.*?<\/svg>/, /(?s)<code.*?<\/code>/, /(?s)<head.*?<\/head>/] {
            text = text.replacing(hidden, with: "")
        }
        text = text.replacing(/<[^>]*>/, with: "\n")
        for (reference, character) in [("&quot;", "\""), ("&#39;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")] {
            text = text.replacing(reference, with: character)
        }
        return text
    }

    private func expectJapanese(_ page: RenderedPage, _ what: String) {
        for line in Self.text(of: page).split(separator: "\n") {
            let words = Prose(String(line), in: .japanese).englishWords
            #expect(words == nil, "\(what): \(words ?? ""): \(line)")
        }
    }

    @Test(arguments: FindingCode.allCases)
    func `the pages about a finding have no English sentence`(code: FindingCode) async throws {
        let sample = try await SiteSample()
        try await sample.probe("enforced")
        let findings = FindingSamples.facts(of: code).map { facts in
            Finding(registration: "api", code: code, place: "api", severity: code.severity, facts: facts)
        }
        for finding in findings.prefix(20) {
            var sight = EndpointSight(
                name: "api", url: "https://api.example.com/", verdict: "enforced", state: .well, trouble: nil,
                hysteresis: Hysteresis(failuresBeforeAlert: 1, successesBeforeResolve: 1), report: "{}")
            sight.foreseen = [finding]
            _ = try await sample.ledger.record([sight], plan: sample.plan, at: sample.time.now)
            let page = try await sample.page("/endpoints/api", language: .japanese)
            expectJapanese(page, "endpoint")
            let remedy = Markup.escaped(finding.remedy(in: .japanese))
            #expect(page.body.contains(remedy), "\(remedy)")
            expectJapanese(try await sample.page("/", language: .japanese), "overview")
        }
    }

    @Test func `the page of a certificate has its flaws and their remedies in Japanese`() async throws {
        let sample = try await SiteSample()
        let certificate = sample.certificate(1, daysLeft: 100)
        try await sample.see([certificate])
        let flaws = FindingCode.all(about: .certificate).compactMap { code -> Judgement.Flaw? in
            guard case .flaws(let examples, _)? = FindingSamples.facts(of: code).first else { return nil }
            return Judgement.Flaw(code: code, facts: examples.flatMap(\.flaws))
        }
        _ = try await sample.ledger.record(
            [Judgement(fingerprint: certificate.fingerprint, flaws: flaws)], of: "fleet", by: [1], plan: sample.plan,
            at: sample.time.now)
        let page = try await sample.page("/certificates/\(certificate.fingerprint)", language: .japanese)
        expectJapanese(page, "certificate")
        for flaw in flaws {
            let remedy = Markup.escaped(flaw.code.remedy(in: .japanese))
            #expect(page.body.ranges(of: remedy).count == 1, "\(flaw.code)")
        }
    }
}
