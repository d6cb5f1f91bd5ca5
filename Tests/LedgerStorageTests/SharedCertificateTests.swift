import Certificates
import ExpiryRules
import LedgerStorage
import Testing

/// One certificate in many registrations, such as a server's behind hundreds of endpoints.
struct SharedCertificateTests {
    private let many = (0..<40).map { "api-\($0)" }

    private func world() async throws -> LedgerWorld {
        let early = try #require(Threshold(parsing: "90d"))
        let registrations = many.map {
            Registration(name: $0, role: .server, thresholds: Registration.defaultThresholds)
        }
        return try await LedgerWorld(
            others: registrations + [Registration(name: "early", role: .server, thresholds: [early])])
    }

    private func source(_ name: String) -> SourceKey {
        SourceKey(kind: .file, registration: name, place: "https://\(name).example.com/")
    }

    /// The notices that are decided when these registrations have these certificates at one path each.
    private func see(
        _ certificates: [Certificate], _ names: [String], in world: LedgerWorld
    ) async throws -> [String] {
        let sights = names.map { name in
            (
                source: source(name),
                changes: [
                    PathChange.read(
                        FilePath("chain"), changeKey: nil, sightings: certificates.map { .read($0) }, defects: [])
                ]
            )
        }
        let ids = try await world.ledger.record(sights, plan: world.plan, at: world.time.now)
        return try await world.ledger.notices(ids, at: world.time.now).map(\.summary)
    }

    @Test func `who joins is heard where it asks for more, and else changes nothing`() async throws {
        let world = try await world()
        let shared = world.certificate(1, daysLeft: 60, names: "api")
        #expect(try await see([shared], Array(many.prefix(20)), in: world).isEmpty)
        #expect(try await see([shared], ["early"], in: world) == ["expiring 90d"])
        #expect(try await see([shared], many, in: world).isEmpty)
        world.time.advance(by: .days(31))
        let due = try await world.ledger.decideDue(plan: world.plan, at: world.time.now)
        #expect(try await world.ledger.notices(due, at: world.time.now).map(\.summary) == ["expiring 30d"])
    }

    @Test func `a renewal ends what was told when the last one has it, and not before`() async throws {
        let world = try await world()
        let old = world.certificate(1, daysLeft: 20, names: "api")
        let new = world.certificate(2, daysLeft: 400, names: "api")
        #expect(try await see([old], many, in: world) == ["expiring 30d"])
        try await world.deliver()
        #expect(try await see([new], many.dropLast(), in: world).isEmpty)
        #expect(try await see([new], [many[39]], in: world) == ["renewed"])
    }

    @Test func `one that comes back is weighed anew though others joined it`() async throws {
        let world = try await world()
        let certificate = world.certificate(1, daysLeft: 20, names: "api")
        let successor = world.certificate(2, daysLeft: 400, names: "api")
        #expect(try await see([certificate], ["api-0"], in: world) == ["expiring 30d"])
        try await world.deliver()
        #expect(try await see([successor], ["api-0"], in: world) == ["renewed"])
        world.time.advance(by: .days(2))
        #expect(try await see([certificate], many, in: world) == ["expiring 30d"])
    }
}
