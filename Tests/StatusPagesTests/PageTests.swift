import Certificates
import ExpiryRules
import Foundation
import LedgerStorage
import TestSupport
import Testing

@testable import StatusPages

/// The pages of a sample site.
struct PageTests {
    static let paths = [
        "/", "/certificates", "/endpoints", "/endpoints/api", "/deliveries", "/silences", "/health", "/nothing",
    ]

    private func busySite() async throws -> (SiteSample, [String]) {
        let sample = try await SiteSample()
        let authority = sample.certificate(1, daysLeft: 90, isCA: true, subject: "CN=Root CA,O=Example")
        try await sample.see([authority], of: "root-ca")
        let leaves = (2...40).map { sample.certificate(UInt32($0), daysLeft: Int64($0) * 8 - 20) }
        try await sample.see(leaves)
        try await sample.probe("enforced")
        sample.time.advance(by: .hours(1))
        try await sample.probe("refused_ours", isGood: false, message: "HTTP 403")
        try await sample.deliver(.delivered)
        let silence = SilenceTerms(
            matchers: try NoticeMatchers(parsing: ["registration=fleet"]), author: "alice", reason: "maintenance",
            endsAt: sample.time.now + .days(3))
        _ = try await sample.ledger.addSilence(silence, plan: sample.plan, at: sample.time.now)
        return (sample, ["/certificates/\(authority.fingerprint)", "/certificates/\(leaves[0].fingerprint)"])
    }

    @Test(arguments: Language.allCases)
    func `every page is well-formed HTML without script, inline style or outside request`(
        language: Language
    ) async throws {
        let (sample, certificates) = try await busySite()
        try await expectWellFormed(sample, Self.paths + certificates, language)
    }

    @Test func `an empty ledger says that nothing is known, and has all pages`() async throws {
        let sample = try await SiteSample()
        #expect(try await sample.page("/").body.contains("No pass has finished yet"))
        try await expectWellFormed(sample, Self.paths, .english, missing: ["/nothing", "/endpoints/api"])
    }

    private func expectWellFormed(
        _ sample: SiteSample, _ paths: [String], _ language: Language, missing: Set<String> = ["/nothing"]
    ) async throws {
        var files: [String] = []
        for (index, path) in paths.enumerated() {
            let page = try await sample.page(path, language: language)
            #expect(page.status == (missing.contains(path) ? 404 : 200), "\(path)")
            files.append(try sample.directory.write(page.body, to: "page-\(language.rawValue)-\(index).html"))
        }
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "html_check.py").path
        let outcome = try RequiredTool.debianPython.outcome([script] + files)
        #expect(outcome.status == 0, "\(String(decoding: outcome.output, as: UTF8.self))")
    }

    @Test func `all is well only after a recent good pass`() async throws {
        let sample = try await SiteSample()
        try await sample.see([sample.certificate(1, daysLeft: 200)])
        #expect(try await sample.page("/").body.contains("All is well."))
        sample.time.advance(by: .hours(3))
        let late = try await sample.page("/").body
        #expect(!late.contains("All is well."))
        #expect(late.contains("The last good pass was 3 hours ago"))
    }

    @Test func `what needs a person comes first, with the receivers that have it`() async throws {
        let sample = try await SiteSample()
        try await sample.see([sample.certificate(1, daysLeft: 200)])
        try await sample.see(
            [sample.certificate(2, daysLeft: -2, subject: "CN=sensor-3"), sample.certificate(3, daysLeft: 20)],
            named: "new")
        try await sample.deliver(.delivered)
        let page = try await sample.page("/").body
        #expect(page.contains("2 need you now."))
        #expect(page.contains("<title>◆ 2 Overview · notafter</title>"))
        #expect(page.contains("<bdi>sensor-3</bdi></a>"))
        #expect(page.contains("<bdi>ops</bdi> ✓ \(sample.time.now.date)"))
        #expect(page.contains("2 days ago"))
    }

    @Test func `a message that is refused is said in the first lines`() async throws {
        let sample = try await SiteSample()
        try await sample.see([sample.certificate(1, daysLeft: 5)])
        try await sample.deliver(.rejected, detail: "400 <b>no</b>")
        #expect(try await sample.page("/").body.contains("is not delivered and needs a person."))
        let deliveries = try await sample.page("/deliveries", query: "state=parked").body
        #expect(deliveries.contains("400 &lt;b&gt;no&lt;/b&gt;"))
    }

    @Test func `the certificate's page has its facts, places, decisions and deliveries`() async throws {
        let sample = try await SiteSample()
        let leaf = sample.certificate(
            7, daysLeft: 10, subject: "CN=billing,O=Example", alternativeNames: ["DNS:b.example"])
        try await sample.see([leaf], named: "billing")
        try await sample.deliver(.delivered)
        let page = try await sample.page("/certificates/\(leaf.fingerprint)").body
        for text in [
            "<h1><bdi>billing</bdi></h1>", "CN=billing,O=Example", "DNS:b.example", "billing0.pem", "platform",
            "team=edge",
            "expiring 14d", "delivered", "in 10 days", "../style.css",
        ] {
            #expect(page.contains(text), "\(text)")
        }
    }

    @Test func `an unknown certificate and an endpoint that there is not are a 404`() async throws {
        let sample = try await SiteSample()
        let unknown = String(repeating: "0", count: 64)
        for path in ["/certificates/\(unknown)", "/endpoints/none", "/certificates/short", "/certificates/a/b"] {
            #expect(try await sample.page(path).status == 404, "\(path)")
        }
    }
}
