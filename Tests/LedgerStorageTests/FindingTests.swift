import Certificates
import ExpiryRules
import LedgerStorage
import Testing

struct FindingTests {
    private let endpoint = SourceKey(kind: .endpoint, registration: "api", place: "https://api.example.com/")

    private func sight(_ verdict: String, url: String = "https://api.example.com/", isGood: Bool = false)
        -> EndpointSight
    {
        EndpointSight(
            name: "api", url: url, verdict: verdict,
            trouble: isGood
                ? nil
                : Finding(
                    registration: "api", code: .endpointFailing, place: "api", severity: .critical, message: verdict),
            report: "{}")
    }

    @Test func `an endpoint that fails in another way is told anew, and its end once`() async throws {
        let world = try await LedgerWorld()
        let ledger = world.ledger
        func record(_ sight: EndpointSight) async throws -> [String] {
            let ids = try await ledger.record(sight, plan: world.plan, at: world.time.now)
            return try await ledger.notices(ids, at: world.time.now).map { "\($0.summary) \($0.message ?? "")" }
        }
        #expect(try await record(sight("unreachable")) == ["finding unreachable"])
        try await world.deliver()
        #expect(try await record(sight("unreachable")) == [])
        #expect(try await record(sight("not_enforced")) == ["finding not_enforced"])
        try await world.deliver()
        let corrected = sight("enforced", url: "https://api.example.com/v2", isGood: true)
        #expect(try await record(corrected) == ["finding_resolved not_enforced"])
        #expect(try await ledger.openFindings().isEmpty)
    }

    @Test func `a place that is registered no longer is nobody's concern`() async throws {
        let world = try await LedgerWorld()
        let gone = SourceKey(kind: .file, registration: "fleet", place: "/nope")
        try await world.pass([], gone, outcome: .lost(Defect(.notFound, "/nope: it does not exist")))
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 400)]])
        #expect(try await world.ledger.openFindings().map(\.place) == ["/nope"])
        try await world.ledger.reconcile(sources: [world.source], plan: world.plan, at: world.time.now)
        #expect(try await world.ledger.openFindings().isEmpty)
    }

    @Test func `a place that has never shown a certificate is told about, until it does`() async throws {
        let world = try await LedgerWorld()
        #expect(try await world.pass().map(\.summary) == ["finding"])
        #expect(try await world.pass().isEmpty)
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 400)]])
        #expect(try await world.ledger.openFindings().isEmpty)
    }
}
