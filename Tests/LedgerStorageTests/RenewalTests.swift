import Certificates
import ExpiryRules
import LedgerStorage
import TestSupport
import Testing

struct RenewalTests {
    @Test func `a renewal cancels what is unsent and resolves what was told, for exactly those who were told`()
        async throws
    {
        let world = try await LedgerWorld(receivers: ["ops", "security"])
        let old = world.certificate(1, daysLeft: 20)
        try await world.see(["a.pem": [old]])
        #expect(try await world.deliver(to: "ops") == ["expiring 2592000"])
        let notices = try await world.see(["a.pem": [world.certificate(2, daysLeft: 400)]])
        #expect(notices.map(\.summary) == ["renewed"])
        #expect(try await world.deliver(to: "ops") == ["renewed -1"])
        #expect(try await world.deliver(to: "security") == [])
    }

    @Test func `a receiver that may have been told hears of the end`() async throws {
        let world = try await LedgerWorld()
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 20)]])
        try await world.deliver(as: .unknown)
        try await world.see(["a.pem": [world.certificate(2, daysLeft: 400)]])
        world.time.advance(by: .hours(1))
        #expect(try await world.deliver() == ["renewed -1"])
    }

    @Test func `a certificate that nobody was told of ends in silence`() async throws {
        let world = try await LedgerWorld()
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 20)]])
        #expect(try await world.see(["a.pem": [world.certificate(2, daysLeft: 400)]]).isEmpty)
        #expect(try await world.deliver() == [])
    }

    @Test func `the end is told only after what is being sent just now is settled`() async throws {
        let world = try await LedgerWorld()
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 20)]])
        let claim = try #require(try await world.claim())
        #expect(try await world.see(["a.pem": [world.certificate(2, daysLeft: 400)]]).isEmpty)
        #expect(try await world.claim() == nil)
        try await world.ledger.settle(claim, with: world.settlement(.delivered, .delivered), at: world.time.now)
        #expect(try await world.deliver() == ["renewed -1"])
    }

    @Test func `renewed in one of two places is not renewed`() async throws {
        let world = try await LedgerWorld()
        let old = world.certificate(1, daysLeft: 20)
        try await world.see(["a.pem": [old], "b.pem": [old]])
        try await world.deliver()
        let new = world.certificate(2, daysLeft: 400)
        #expect(try await world.see(["a.pem": [new]]).isEmpty)
        #expect(try await world.see(["b.pem": [new]]).map(\.summary) == ["renewed"])
    }

    @Test func `a successor under another name in the same registration renews, when it came later`() async throws {
        let world = try await LedgerWorld()
        try await world.see(["2025.pem": [world.certificate(1, daysLeft: 20, names: "api")]])
        try await world.deliver()
        world.time.advance(by: .days(1))
        let notices = try await world.see(["2026.pem": [world.certificate(2, daysLeft: 400, names: "api")]])
        #expect(notices.map(\.summary) == ["renewed"])
    }

    @Test func `one that turns up beside its successor after the clock was set back is not told of`() async throws {
        let world = try await LedgerWorld()
        try await world.see(["2026.pem": [world.certificate(2, daysLeft: 400, names: "api")]])
        let old = world.certificate(1, daysLeft: 20, names: "api")
        world.time.advance(by: TimeSpan(seconds: -3_600))
        #expect(try await world.see(["2025.pem": [old]]).isEmpty)
        #expect(try await world.deliver() == [])
    }

    @Test func `clients that share a name are a fleet and not a lineage`() async throws {
        let world = try await LedgerWorld()
        try await world.see([
            "a.pem": [world.certificate(1, daysLeft: 20, names: "device")],
            "b.pem": [world.certificate(2, daysLeft: 400, names: "device")],
        ])
        #expect(try await world.deliver() == ["expiring 2592000"])
        world.time.advance(by: .days(1))
        let third = try await world.see(["c.pem": [world.certificate(3, daysLeft: 500, names: "device")]])
        #expect(third.isEmpty)
    }

    @Test func `a certificate that comes back is told anew`() async throws {
        let world = try await LedgerWorld()
        let old = world.certificate(1, daysLeft: 20)
        try await world.see(["a.pem": [old]])
        try await world.deliver()
        try await world.see(["a.pem": [world.certificate(2, daysLeft: 400)]])
        try await world.deliver()
        world.time.advance(by: .days(1))
        let notices = try await world.see(["a.pem": [old]])
        #expect(notices.map(\.summary).contains("expiring 30d"))
        #expect(notices.contains { $0.identity.episode == 1 })
    }

    @Test func `an older certificate put in its place is a finding and no renewal`() async throws {
        let world = try await LedgerWorld()
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 60)]])
        let backwards = world.certificate(2, daysLeft: 40)
        try await world.see(["a.pem": [backwards]])
        #expect(try await world.ledger.openFindings().map(\.code) == [.wentBackwards])
        try await world.see(["a.pem": [world.certificate(3, daysLeft: 500)]])
        #expect(try await world.ledger.openFindings().isEmpty)
    }

    @Test func `an older list put in its place is described by when it was issued`() async throws {
        let world = try await LedgerWorld()
        func list(_ seed: UInt8, issued: Int64, nextUpdate: Int64) throws -> PathChange {
            let fingerprint = try #require(Fingerprint(bytes: Array(repeating: seed, count: 32)))
            let list = RevocationList(
                fingerprint: fingerprint, issuer: "CN=CA", thisUpdate: world.time.now - .days(issued),
                nextUpdate: world.time.now + .days(nextUpdate), number: nil, deltaBase: nil,
                signatureAlgorithm: "ecdsa-with-SHA256", authorityKeyIdentifier: nil, revokedCount: 0)
            return .read(
                FilePath("ca.crl"), changeKey: [seed], sightings: [.read(.revocationList(list))], defects: [])
        }
        try await world.pass([try list(1, issued: 1, nextUpdate: 20)])
        try await world.pass([try list(2, issued: 5, nextUpdate: 40)])
        let finding = try #require(try await world.ledger.openFindings().first)
        #expect(finding.code == .wentBackwards)
        #expect(finding.message.contains("issued \(world.time.now - .days(1)) was replaced by one issued earlier, "))
        #expect(finding.message.contains("earlier, \(world.time.now - .days(5)). Put the newer"))
    }

    @Test func `at an endpoint only absence over two rounds and six hours is a renewal`() async throws {
        // Uptime Kuma's defect: two certificates behind one name caused a flood of notices.
        let world = try await LedgerWorld(others: [Registration(name: "api", role: .server)])
        let endpoint = SourceKey(kind: .endpoint, registration: "api", place: "https://api.example.com/")
        let old = world.certificate(1, daysLeft: 20)
        let new = world.certificate(2, daysLeft: 400)
        try await world.see(["": [old]], in: endpoint)
        try await world.deliver()
        for round in 0..<10 {
            world.time.advance(by: .hours(1))
            let notices = try await world.see(["": [round.isMultiple(of: 2) ? new : old]], in: endpoint)
            #expect(notices.isEmpty)
        }
        var told: [String] = []
        for _ in 0..<8 {
            world.time.advance(by: .hours(1))
            told += try await world.see(["": [new]], in: endpoint).map(\.summary)
        }
        #expect(told == ["renewed"])
    }
}

/// Hashes of lineages are found by their first 8 bytes.
struct LineageHashTests {
    private func certificate(_ seed: UInt32, daysLeft: Int64, names: UInt8, key: UInt8, in world: LedgerWorld)
        -> Certificate
    {
        let sample = world.certificate(seed, daysLeft: daysLeft)
        return Certificate(
            fingerprint: sample.fingerprint, subject: sample.subject, issuer: sample.issuer,
            serialNumber: sample.serialNumber, validity: sample.validity, isCA: sample.isCA,
            signatureAlgorithm: sample.signatureAlgorithm, publicKey: sample.publicKey,
            subjectAlternativeNames: sample.subjectAlternativeNames,
            lineageKey: LineageKey(
                names: [UInt8](repeating: 7, count: 31) + [names], publicKey: [UInt8](repeating: 8, count: 31) + [key]))
    }

    @Test(arguments: [(1, 1, false), (0, 1, true), (1, 0, true)] as [(UInt8, UInt8, Bool)])
    func `certificates are one lineage by the whole hash of names or key, and not by its beginning`(
        names: UInt8, key: UInt8, isRenewed: Bool
    ) async throws {
        let world = try await LedgerWorld()
        let old = certificate(1, daysLeft: 20, names: 0, key: 0, in: world)
        try await world.see(["2025.pem": [old]])
        try await world.deliver()
        world.time.advance(by: .days(1))
        let new = certificate(2, daysLeft: 400, names: names, key: key, in: world)
        #expect(try await world.see(["2026.pem": [new]]).map(\.summary) == (isRenewed ? ["renewed"] : []))
        let namesakes = try await world.ledger.relations(of: old.fingerprint).namesakes.map(\.fingerprint)
        #expect(namesakes == (names == 0 ? [new.fingerprint] : []))
    }
}
