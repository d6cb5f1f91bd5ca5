import Certificates
import ExpiryRules
import LedgerStorage
import Testing

struct FindingTests {
    private let endpoint = SourceKey(kind: .endpoint, registration: "api", place: "https://api.example.com/")

    private func sight(
        _ verdict: String, state: EndpointState = .failing, url: String = "https://api.example.com/",
        hysteresis: Hysteresis = Hysteresis(failuresBeforeAlert: 1, successesBeforeResolve: 1)
    ) -> EndpointSight {
        EndpointSight(
            name: "api", url: url, verdict: verdict, state: state,
            trouble: state == .well
                ? nil
                : Finding(
                    registration: "api", code: .endpointFailing, place: "api", severity: .critical,
                    facts: .recorded(verdict)),
            hysteresis: hysteresis, report: "{}")
    }

    private func record(_ sight: EndpointSight, in world: LedgerWorld) async throws -> [String] {
        let ids = try await world.ledger.record([sight], plan: world.plan, at: world.time.now)
        return try await world.ledger.notices(ids, at: world.time.now).map { notice in
            guard case .recorded(let text) = notice.finding else { return notice.summary }
            return "\(notice.summary) \(text)"
        }
    }

    @Test func `an outage that changes its kind is told once, an open door instead of it anew, and the end once`()
        async throws
    {
        let world = try await LedgerWorld()
        #expect(try await record(sight("unreachable"), in: world) == ["finding unreachable"])
        try await world.deliver()
        #expect(try await record(sight("timeout"), in: world) == [])
        #expect(try await record(sight("not_enforced", state: .unprotected), in: world) == ["finding not_enforced"])
        try await world.deliver()
        let corrected = sight("enforced", state: .well, url: "https://api.example.com/v2")
        #expect(try await record(corrected, in: world) == ["finding_resolved not_enforced"])
        #expect(try await world.ledger.openFindings().isEmpty)
    }

    @Test func `who heard only of what a finding was before hears of its end as well, and once`() async throws {
        let world = try await LedgerWorld()
        _ = try await record(sight("unreachable"), in: world)
        try await world.deliver()
        _ = try await record(sight("not_enforced", state: .unprotected), in: world)
        // The changed finding is still unsent when it ends.
        _ = try await record(sight("enforced", state: .well), in: world)
        #expect(try await world.deliver() == ["finding_resolved -1"])
        _ = try await record(sight("timeout"), in: world)
        _ = try await record(sight("enforced", state: .well), in: world)
        #expect(try await world.deliver() == [])
    }

    @Test func `a message about what a finding was before that is on its way at the end is followed by the end`()
        async throws
    {
        let world = try await LedgerWorld()
        _ = try await record(sight("unreachable"), in: world)
        let claim = try #require(try await world.claim())
        _ = try await record(sight("not_enforced", state: .unprotected), in: world)
        _ = try await record(sight("enforced", state: .well), in: world)
        #expect(try await world.deliver() == [])
        try await world.ledger.settle(claim, with: world.settlement(.delivered, .delivered), at: world.time.now)
        #expect(try await world.deliver() == ["finding_resolved -1"])
    }

    @Test func `a message says as what a finding was told before, until it is over`() async throws {
        let world = try await LedgerWorld()
        func former(_ sight: EndpointSight) async throws -> [[Int64]] {
            let ids = try await world.ledger.record([sight], plan: world.plan, at: world.time.now)
            let facts = try await world.ledger.notices(ids, at: world.time.now)
            try await world.deliver()
            return facts.map { $0.former.map(\.episode) }
        }
        #expect(try await former(sight("unreachable")) == [[]])
        #expect(try await former(sight("not_enforced", state: .unprotected)) == [[0]])
        #expect(try await former(sight("unreachable")) == [[0, 1]])
        #expect(try await former(sight("enforced", state: .well)) == [[0, 1]])
        #expect(try await former(sight("unreachable")) == [[]])
    }

    @Test func `the ledger counts bad and good rounds from run to run`() async throws {
        let world = try await LedgerWorld()
        var told: [[String]] = []
        for state in [
            EndpointState.failing, .failing, .well, .failing, .failing, .failing, .well, .failing, .well, .well,
        ] {
            let verdict = state == .well ? "enforced" : "timeout"
            told.append(try await record(sight(verdict, state: state, hysteresis: Hysteresis()), in: world))
            try await world.deliver()
            world.time.advance(by: TimeSpan(seconds: 60))
        }
        let loud = told.enumerated().filter { !$0.element.isEmpty }
        #expect(loud.map(\.offset) == [5, 9])
        #expect(loud.map(\.element) == [["finding timeout"], ["finding_resolved timeout"]])
    }

    @Test func `an endpoint that comes back after it was taken out is judged anew`() async throws {
        let world = try await LedgerWorld()
        #expect(try await record(sight("timeout"), in: world) == ["finding timeout"])
        try await world.deliver()
        try await world.ledger.reconcile(sources: [world.source], plan: world.plan, at: world.time.now)
        #expect(try await record(sight("timeout"), in: world) == ["finding timeout"])
    }

    @Test func `what is foreseen is told once, stays while nobody can look, and ends when it is refuted`() async throws
    {
        let world = try await LedgerWorld()
        var seen = sight("enforced", state: .well)
        seen.foreseen = [
            Finding(
                registration: "api", code: .issuerNotAccepted, place: "api", severity: .warning,
                facts: .recorded("locked out soon"))
        ]
        #expect(try await record(seen, in: world) == ["finding locked out soon"])
        try await world.deliver()
        #expect(try await record(seen, in: world) == [])
        #expect(try await record(sight("enforced", state: .well), in: world) == [])
        #expect(try await world.ledger.openFindings().count == 1)
        var refuted = sight("enforced", state: .well)
        refuted.refuted = [.issuerNotAccepted]
        #expect(try await record(refuted, in: world) == ["finding_resolved locked out soon"])
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
