import Certificates
import ExpiryRules
import LedgerStorage
import Synchronization
import TestSupport
import Testing

/// Client certificates that edges report.
struct UseTests {
    private static let plan = ObservedPlan(forgetAfter: .days(30), limit: 3)

    /// A ledger with a registration of observed certificates, and one of files.
    private static func world() async throws -> LedgerWorld {
        try await LedgerWorld(
            others: [Registration(name: plan.registration, role: .client)], observed: plan)
    }

    @Test func `a certificate is registered by its use, and notified like any other`() async throws {
        let world = try await Self.world()
        let outcome = try await world.use([world.certificate(1, daysLeft: 20)], at: "api.example.com")
        #expect(outcome.newCertificates == 1)
        #expect(
            try await world.ledger.notices(outcome.noticeIDs, at: world.time.now).map(\.summary) == ["expiring 30d"])
        #expect(try await world.deliver() == ["expiring 2592000"])
        let item = try #require(try await world.watched().first)
        #expect(item.registration == "observed" && item.lastUsed == world.time.now)
        #expect(item.location.description == "observed at edge-1 for api.example.com")
        world.time.advance(by: .days(7))
        try await world.use([world.certificate(1, daysLeft: 13)], at: "api.example.com")
        #expect(try await world.passOfEdges() == ["expiring 14d"])
    }

    @Test func `a repeated use moves the last use, and nothing else`() async throws {
        let world = try await Self.world()
        let certificate = world.certificate(1, daysLeft: 90)
        try await world.use([certificate])
        world.time.advance(by: TimeSpan(seconds: 30))
        #expect(try await world.use([certificate]).newCertificates == 0)
        #expect(try await world.watched().map(\.lastUsed) == [world.time.now - TimeSpan(seconds: 30)], "to the minute")
        world.time.advance(by: .hours(1))
        try await world.use([certificate])
        #expect(try await world.watched().map(\.lastUsed) == [world.time.now])
    }

    @Test func `what is no longer used is forgotten, with a resolution for what was sent`() async throws {
        let world = try await Self.world()
        try await world.use([world.certificate(1, daysLeft: 20), world.certificate(2, daysLeft: 200)])
        try await world.deliver()
        world.time.advance(by: .days(29))
        #expect(try await world.passOfEdges() == ["expired"])
        world.time.advance(by: .days(1))
        #expect(try await world.passOfEdges() == ["removed"])
        #expect(try await world.watched().isEmpty)
        world.time.advance(by: .days(60))
        #expect(try await world.passOfEdges().isEmpty, "a forgotten certificate makes no noise")
    }

    @Test func `a renewal ends the old certificate once nothing uses it any more`() async throws {
        let world = try await Self.world()
        let old = world.certificate(1, daysLeft: 20, names: "partner")
        try await world.use([old])
        try await world.deliver()
        world.time.advance(by: .days(1))
        let new = world.certificate(2, daysLeft: 365, names: "partner")
        try await world.use([new])
        #expect(try await world.passOfEdges().isEmpty)
        world.time.advance(by: .days(1))
        try await world.use([new])
        #expect(try await world.passOfEdges() == ["renewed"])
        #expect(try await world.watched().map(\.object.fingerprint) == [new.fingerprint])
    }

    @Test func `an old certificate that a client still uses stays watched beside its successor`() async throws {
        let world = try await Self.world()
        let old = world.certificate(1, daysLeft: 40, names: "partner")
        let new = world.certificate(2, daysLeft: 365, names: "partner")
        try await world.use([old])
        for _ in 0..<15 {
            world.time.advance(by: .days(1))
            try await world.use([old, new])
            #expect(try await world.passOfEdges().allSatisfy { $0 == "expiring 30d" })
        }
        #expect(try await world.deliver() == ["expiring 2592000"])
        #expect(try await world.watched().count == 2)
    }

    @Test func `the number of certificates is bounded, and the bound is a finding that ends`() async throws {
        let world = try await Self.world()
        let outcome = try await world.use((1...5).map { world.certificate($0, daysLeft: 90) })
        #expect(outcome.newCertificates == 3 && outcome.overLimit == 2)
        #expect(try await world.ledger.observedCertificates() == 3)
        #expect(try await world.ledger.openFindings().map(\.code) == [.observedLimitReached])
        #expect(try await world.passOfEdges().isEmpty, "the limit is still reached")
        #expect(try await world.ledger.openFindings().count == 1)
        try await world.deliver()
        world.time.advance(by: .days(31))
        #expect(try await world.passOfEdges() == ["finding_resolved"])
    }

    @Test func `a certificate of many hostnames takes a bounded number of places`() async throws {
        let world = try await Self.world()
        let certificate = world.certificate(1, daysLeft: 90)
        for number in 0..<40 { try await world.use([certificate], at: "host-\(number).example.com") }
        #expect(try await world.watched().count == 17)
        #expect(try await world.ledger.observedCertificates() == 1)
    }

    @Test func `a use from long ago registers nothing`() async throws {
        let world = try await Self.world()
        let use = CertificateUse(
            certificate: world.certificate(1, daysLeft: 90), extent: .whole(der: [1]),
            usedAt: world.time.now - .days(31))
        let outcome = try await world.ledger.record([use], by: "edge-1", plan: world.plan, at: world.time.now)
        #expect(outcome.outdated == 1 && outcome.newCertificates == 0)
        #expect(try await world.watched().isEmpty)
    }

    @Test func `a description of a registered certificate is a use of it`() async throws {
        let world = try await Self.world()
        let certificate = world.certificate(1, daysLeft: 20)
        try await world.see(["a.pem": [certificate]])
        #expect(try await world.deliver() == ["expiring 2592000"])
        try await world.describe(certificate, as: world.certificate(77, daysLeft: 20))
        #expect(try await world.deliver().isEmpty)
        #expect(
            try await world.watched().map(\.object.fingerprint) == [certificate.fingerprint, certificate.fingerprint])
    }

    @Test func `a description is replaced by the certificate, without another notice`() async throws {
        let world = try await Self.world()
        let certificate = world.certificate(1, daysLeft: 20)
        let described = Certificate(
            fingerprint: certificate.fingerprint, subject: certificate.subject, issuer: "",
            serialNumber: .init(octets: []),
            validity: Validity(notBefore: nil, notAfter: certificate.validity.notAfter), isCA: false,
            signatureAlgorithm: CertificateUse.notReported, publicKey: CertificateUse.notReported,
            subjectAlternativeNames: [], lineageKey: LineageKey(names: nil, publicKey: [1]))
        let use = CertificateUse(
            certificate: described, extent: .described(.byFingerprint), usedAt: world.time.now)
        _ = try await world.ledger.record([use], by: "edge-1", plan: world.plan, at: world.time.now)
        #expect(try await world.deliver() == ["expiring 2592000"])
        #expect(try await world.watched().map(\.object.certificate?.publicKey) == [CertificateUse.notReported])
        try await world.see(["a.pem": [certificate]])
        #expect(try await world.deliver().isEmpty)
        #expect(Set(try await world.watched().compactMap(\.object.certificate)) == [certificate])
    }

    @Test func `a pass keeps what edges report, and a configuration without observed ends it`() async throws {
        let world = try await Self.world()
        try await world.use([world.certificate(1, daysLeft: 90)])
        try await world.ledger.reconcile(sources: [world.source], plan: world.plan, at: world.time.now)
        #expect(try await world.watched().count == 1)
        let without = WatchPlan(registrations: world.plan.registrations, route: world.plan.route)
        try await world.ledger.reconcile(sources: [world.source], plan: without, at: world.time.now)
        #expect(try await world.watched().isEmpty)
    }

    @Test func `the position in a log is stored with the uses that it reported`() async throws {
        let world = try await Self.world()
        let log = FilePath("/var/log/nginx/mtls.log")
        #expect(try await world.ledger.position(inLog: log) == nil)
        for offset: Int64 in [10, 20] {
            let position = LogPosition(device: .max, inode: 7, offset: offset, beginning: [0, 255])
            _ = try await world.ledger.record(
                [], by: "edge-1", reading: (log, position), plan: world.plan, at: world.time.now)
            #expect(try await world.ledger.position(inLog: log) == position)
        }
    }
}

extension LedgerWorld {
    /// An edge reports these certificates.
    @discardableResult
    fileprivate func use(_ certificates: [Certificate], at hostname: String? = nil) async throws -> UseOutcome {
        let uses = certificates.map {
            CertificateUse(certificate: $0, extent: .whole(der: [1]), hostname: hostname, usedAt: time.now)
        }
        return try await ledger.record(uses, by: "edge-1", plan: plan, at: time.now)
    }

    /// An edge describes `certificate` with the fingerprint of `other`.
    fileprivate func describe(_ certificate: Certificate, as other: Certificate) async throws {
        let described = Certificate(
            fingerprint: other.fingerprint, subject: certificate.subject, issuer: certificate.issuer,
            serialNumber: certificate.serialNumber, validity: certificate.validity, isCA: false,
            signatureAlgorithm: CertificateUse.notReported, publicKey: CertificateUse.notReported,
            subjectAlternativeNames: [], lineageKey: LineageKey(names: nil, publicKey: other.fingerprint.bytes))
        let use = CertificateUse(certificate: described, extent: .described(.byDescription), usedAt: time.now)
        _ = try await ledger.record([use], by: "edge-1", plan: plan, at: time.now)
    }

    /// What a pass decides about the certificates of edges.
    fileprivate func passOfEdges() async throws -> [String] {
        let ids = try await ledger.endUnused(plan: plan, at: time.now) + ledger.decideDue(plan: plan, at: time.now)
        return try await ledger.notices(ids, at: time.now).map(\.summary)
    }

    fileprivate func watched() async throws -> [WatchedItem] {
        let items = Mutex<[WatchedItem]>([])
        try await ledger.forEachWatched { item in items.withLock { $0.append(item) } }
        return items.withLock(\.self)
    }
}
