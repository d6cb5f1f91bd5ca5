import Certificates
import ExpiryRules
import LedgerStorage
import TestSupport
import Testing

/// The results of verification in the ledger: early ends, findings, and CAs that are no longer needed.
struct JudgementTests {
    private static let authorities = SourceKey(kind: .file, registration: "root-ca", place: "/ca")
    private static let context: [UInt8] = [1]

    private func world() async throws -> LedgerWorld {
        try await LedgerWorld(others: [Registration(name: "root-ca", role: .ca)], issuer: "root-ca")
    }

    @discardableResult
    private func judge(
        _ judgements: [Judgement], in world: LedgerWorld, registration: String = "fleet"
    ) async throws -> [String] {
        var ids = try await world.ledger.record(
            judgements, of: registration, by: Self.context, plan: world.plan, at: world.time.now)
        ids += try await world.ledger.concludeJudgements(of: registration, plan: world.plan, at: world.time.now)
        ids += try await world.ledger.retireAuthorities(of: "root-ca", plan: world.plan, at: world.time.now)
        return try await world.ledger.notices(ids, at: world.time.now).map(\.summary)
    }

    private func ending(_ leaf: Certificate, with authority: Certificate, in world: LedgerWorld) throws -> Judgement {
        guard case .at(let expiry) = authority.validity.expiry else { throw LedgerError("the CA must expire") }
        return Judgement(
            fingerprint: leaf.fingerprint,
            earlyEnd: EarlyEnd.Reference(expiry: expiry, culprit: authority.fingerprint),
            authorities: [authority.fingerprint])
    }

    @Test func `a certificate is told when the CA ends that it cannot do without, and who that is`() async throws {
        let world = try await world()
        let authority = Certificate.sample(1, notAfter: world.time.now + .days(20), isCA: true)
        let leaf = world.certificate(2, daysLeft: 300)
        try await world.see(["ca.pem": [authority]], in: Self.authorities)
        #expect(try await world.see(["a.pem": [leaf]]).isEmpty)

        let run = try await world.ledger.record(
            [ending(leaf, with: authority, in: world)], of: "fleet", by: Self.context, plan: world.plan,
            at: world.time.now)
        let notice = try #require(try await world.ledger.notices(run, at: world.time.now).first)
        #expect(notice.summary == "expiring 30d")
        #expect(notice.expiry == world.time.now + .days(20))
        #expect(notice.earlyEnd?.culprit.fingerprint == authority.fingerprint)
        #expect(notice.earlyEnd?.culprit.name == authority.subject)
    }

    @Test func `the notice of a CA says how many certificates and which endpoints fall with it`() async throws {
        let world = try await world()
        let authority = Certificate.sample(1, notAfter: world.time.now + .days(40), isCA: true)
        let leaves = [world.certificate(2, daysLeft: 300), world.certificate(3, daysLeft: 300)]
        #expect(try await world.see(["ca.pem": [authority]], in: Self.authorities).isEmpty)
        try await world.see(["a.pem": [leaves[0]], "b.pem": [leaves[1]]])
        try await judge(leaves.map { try ending($0, with: authority, in: world) }, in: world)
        let endpoint = SourceKey(kind: .endpoint, registration: "api", place: "https://api.example.com")
        try await world.see(["https://api.example.com": [leaves[0]]], in: endpoint)

        world.time.advance(by: .days(11))
        let notices = try await world.pass()
        let notice = try #require(notices.first { $0.object?.fingerprint == authority.fingerprint })
        #expect(notice.dependents == Dependents(certificates: 2, endpoints: ["api"]))
    }

    @Test func `what was told too early is taken back once the CA is renewed, and told again when it comes`()
        async throws
    {
        let world = try await world()
        let authority = Certificate.sample(1, notAfter: world.time.now + .days(10), isCA: true)
        let leaf = world.certificate(2, daysLeft: 40)
        try await world.see(["ca.pem": [authority]], in: Self.authorities)
        try await world.see(["a.pem": [leaf]])
        #expect(try await judge([ending(leaf, with: authority, in: world)], in: world) == ["expiring 14d"])
        try await world.deliver()

        #expect(try await judge([Judgement(fingerprint: leaf.fingerprint)], in: world) == ["renewed"])
        #expect(try await world.deliver() == ["renewed -1"])
        world.time.advance(by: .days(11))
        let told = try await world.pass().filter { $0.certificate == leaf }
        #expect(told.map(\.summary) == ["expiring 30d"])
    }

    @Test func `an end that moves within its stage is not told again`() async throws {
        let world = try await world()
        let first = Certificate.sample(1, notAfter: world.time.now + .days(10), isCA: true)
        let second = Certificate.sample(3, notAfter: world.time.now + .days(12), isCA: true)
        let leaf = world.certificate(2, daysLeft: 300)
        try await world.see(["ca.pem": [first, second]], in: Self.authorities)
        try await world.see(["a.pem": [leaf]])
        #expect(try await judge([ending(leaf, with: first, in: world)], in: world) == ["expiring 14d"])
        #expect(try await judge([ending(leaf, with: second, in: world)], in: world) == [])
    }

    @Test func `all that have a flaw make one finding, which is told anew when another one joins`() async throws {
        let world = try await world()
        let leaves = (1...5).map { world.certificate($0, daysLeft: 300) }
        try await world.see(Dictionary(uniqueKeysWithValues: leaves.enumerated().map { ("\($0).pem", [$1]) }))
        func flawed(_ leaves: [Certificate]) -> [Judgement] {
            leaves.map {
                Judgement(
                    fingerprint: $0.fingerprint, flaws: [.init(code: .weakKey, facts: [.recorded("its key is weak")])])
            }
        }
        #expect(try await judge(flawed(Array(leaves[0..<4])), in: world) == ["finding"])
        let finding = try #require(try await world.ledger.openFindings().first)
        #expect(finding.code == .weakKey && finding.message.contains("and 1 more"))
        #expect(try await judge(flawed(Array(leaves[0..<4])), in: world) == [])
        #expect(try await judge(flawed([leaves[4]]), in: world) == ["finding"])
        #expect(try #require(try await world.ledger.openFindings().first).message.hasPrefix("\"CN=sample-5\""))
        try await world.deliver()

        let mended = leaves.map { Judgement(fingerprint: $0.fingerprint) }
        #expect(try await judge(Array(mended.dropLast()), in: world) == [])
        #expect(try await judge([mended[4]], in: world) == ["finding_resolved"])
        #expect(try await world.ledger.openFindings().isEmpty)
    }

    @Test func `a certificate that is gone has no flaws any more`() async throws {
        let world = try await world()
        let leaf = world.certificate(1, daysLeft: 300)
        try await world.see(["a.pem": [leaf]])
        try await judge(
            [Judgement(fingerprint: leaf.fingerprint, flaws: [.init(code: .weakKey, facts: [.recorded("weak")])])],
            in: world)
        let successor = world.certificate(2, daysLeft: 600)
        try await world.see(["a.pem": [successor]])
        #expect(try await judge([], in: world) == [])
        #expect(try await world.ledger.openFindings().isEmpty)
    }

    @Test func `two certificates of one issuer with one serial number are a finding`() async throws {
        let world = try await world()
        let first = world.certificate(1, daysLeft: 300)
        let second = Certificate.sample(2, notAfter: world.time.now + .days(300), serialNumber: first.serialNumber)
        try await world.see(["a.pem": [first], "b.pem": [second]])
        let judgements = [first, second].map { Judgement(fingerprint: $0.fingerprint) }
        #expect(try await judge(judgements, in: world) == ["finding"])
        #expect(try await world.ledger.openFindings().map(\.code) == [.duplicateSerialNumber])
    }

    @Test func `a CA ends once its successor does all its work, and begins anew when it is needed again`() async throws
    {
        let world = try await world()
        let old = Certificate.sample(1, notAfter: world.time.now + .days(20), isCA: true, subject: "CN=CA")
        let new = Certificate.sample(2, notAfter: world.time.now + .days(900), isCA: true, subject: "CN=CA")
        let leaf = world.certificate(3, daysLeft: 300)
        try await world.see(["ca.pem": [old, new]], in: Self.authorities)
        try await world.deliver()
        let both = [Judgement(fingerprint: old.fingerprint), Judgement(fingerprint: new.fingerprint)]
        // While no certificate of theirs is registered, it is unknown which one is needed.
        #expect(try await judge(both, in: world, registration: "root-ca") == [])

        try await world.see(["a.pem": [leaf]])
        let onOld = Judgement(fingerprint: leaf.fingerprint, authorities: [old.fingerprint])
        #expect(try await judge([onOld], in: world) == [])
        let onNew = Judgement(fingerprint: leaf.fingerprint, authorities: [new.fingerprint])
        #expect(try await judge([onNew], in: world) == ["renewed"])
        world.time.advance(by: .days(10))
        #expect(try await world.see(["ca.pem": [old, new]], in: Self.authorities).isEmpty)
        #expect(try await judge([onOld], in: world) == ["expiring 14d"])
    }
}
