import Certificates
import Foundation
import TestSupport
import Testing

/// All commands use one evaluation: each reports a certificate's problem unless it cannot know it.
struct EvaluationMatrixTests {
    /// The facts of one certificate in a JSON listing.
    private struct Facts: Equatable {
        let state: String?
        let effectiveExpiry: String?
        let codes: Set<String>
    }

    private func run(
        _ command: EvaluatingCommand, _ trouble: Trouble, _ certificate: IssuedCertificate, in site: Site
    ) async throws -> NotafterProcess.Outcome {
        try await site.run(command.arguments(for: trouble, certificate) + Site.at(day: 0))
    }

    private func facts(of certificate: IssuedCertificate, in output: String, key: String = "certificates") throws
        -> Facts
    {
        let object = try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any]
        let entries = try #require(object?[key] as? [[String: Any]])
        let fingerprint = certificate.fingerprint.description
        let entry = try #require(entries.first { $0["fingerprint_sha256"] as? String == fingerprint })
        let findings = entry["findings"] as? [[String: Any]] ?? []
        return Facts(
            state: entry["state"] as? String, effectiveExpiry: entry["effective_expiry"] as? String,
            codes: Set(findings.compactMap { $0["code"] as? String }))
    }

    @Test(arguments: Trouble.allCases)
    func `each command names the trouble, or is known not to know it`(trouble: Trouble) async throws {
        let site = try Site()
        let certificate = try trouble.arrange(in: site)
        try await site.scan(day: 0)
        for command in EvaluatingCommand.allCases where command != .scan {
            let outcome = try await run(command, trouble, certificate, in: site)
            // Searches for a value and not a key, since the summary has a count of expired certificates even if there
            // are none.
            let isNamed = outcome.output.contains(" : \"\(trouble.code.rawValue)\"")
            #expect(
                isNamed == !trouble.hiddenFrom.contains(command),
                "\(command) \(trouble): \(outcome.output) \(outcome.errors)")
        }
        let again = try await run(.scan, trouble, certificate, in: site)
        #expect(again.output.contains(" : \"\(trouble.code.rawValue)\""), "scan \(trouble): \(again.output)")
    }

    @Test(arguments: Trouble.allCases)
    func `check, list and explain say the same end, state and findings`(trouble: Trouble) async throws {
        let site = try Site()
        let certificate = try trouble.arrange(in: site)
        try await site.scan(day: 0)
        let checked = try facts(of: certificate, in: await run(.check, trouble, certificate, in: site).output)
        let listed = try facts(of: certificate, in: await run(.list, trouble, certificate, in: site).output)
        #expect(checked == listed)
        let harmless: [String] =
            switch trouble.code.severity {
            case .info: []
            case .warning: ["ok"]
            case .critical: ["ok", "warning"]
            }
        #expect(listed.state.map { !harmless.contains($0) } ?? false, "\(trouble): \(listed.state ?? "none")")
        let explained = try facts(of: certificate, in: await run(.explain, trouble, certificate, in: site).output)
        #expect(explained.effectiveExpiry == listed.effectiveExpiry)
        #expect(explained.codes == listed.codes)
    }

    @Test(arguments: Trouble.allCases)
    func `check ends by the severity of what it finds`(trouble: Trouble) async throws {
        let site = try Site()
        _ = try trouble.arrange(in: site)
        let expected: Int32 =
            switch trouble.code.severity {
            case .info: 0
            case .warning: 1
            case .critical: 2
            }
        #expect(try await site.run(["check", "--config", "notafter.yaml"] + Site.at(day: 0)).status == expected)
    }

    @Test(arguments: Trouble.allCases.filter { $0 != .expiredIssuer && $0 != .staleList })
    func `what is ignored by its code is shown and does not count`(trouble: Trouble) async throws {
        let site = try Site()
        _ = try trouble.arrange(in: site)
        let code = trouble.code.rawValue
        let outcome = try await site.run(
            ["check", "--config", "notafter.yaml", "--ignore", code, "--ignore", "unreadable_date"] + Site.at(day: 0))
        #expect(outcome.status == 0, "\(outcome.output)")
        if trouble != .expired { #expect(outcome.output.contains("ignored  \(code)")) }
    }

    @Test func `a wrong code to ignore is refused with the one that was meant`() async throws {
        let site = try Site()
        let outcome = try await site.run(["check", "pki", "--ignore", "revokd"])
        #expect(outcome.status == 3)
        #expect(outcome.errors.contains("did you mean \"revoked\"?"))
    }

    @Test func `without a configuration, check counts what needs no registration`() async throws {
        let site = try Site()
        _ = try Trouble.weakKey.arrange(in: site)
        let outcome = try await site.run(["check", "cert.pem"] + Site.at(day: 0))
        #expect(outcome.status == 1)
        #expect(outcome.output.contains("weak_key"))
        _ = try Trouble.revoked.arrange(in: site)
        #expect(try await site.run(["check", "cert.pem"] + Site.at(day: 0)).status == 0)
    }

    @Test func `of two registrations of a certificate, the earliest end counts everywhere`() async throws {
        let site = try Site()
        let authority = try TestPKI.authority("Issuing", notAfter: Site.start + .days(20))
        let leaf = try authority.issue(.client, commonName: "leaf", notAfter: Site.start + .days(300))
        try site.directory.write(authority.pem, to: "ca.pem")
        try site.directory.write(leaf.pem, to: "leaf.pem")
        try site.directory.write(
            """
            certificates:
              - { name: ca, role: ca, paths: [ca.pem] }
              - { name: one, role: client, paths: [leaf.pem], issuer: ca }
              - { name: two, role: client, paths: [leaf.pem] }
            receivers:
              - { name: ops, webhook: { url: "\(site.ops.url)" } }
            route: { receivers: [ops] }

            """, to: "notafter.yaml")
        try await site.scan(day: 0)
        for command in [EvaluatingCommand.check, .list, .explain] {
            let output = try await run(command, .endsWithIssuer, leaf, in: site).output
            let facts = try facts(of: leaf, in: output)
            #expect(facts.effectiveExpiry == (Site.start + .days(20)).description, "\(command)")
            #expect(facts.codes == ["outlives_issuer"], "\(command)")
            if command != .explain { #expect(facts.state == "warning", "\(command)") }
        }
    }
}
