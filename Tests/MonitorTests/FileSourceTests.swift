import Certificates
import ExpiryRules
import LedgerStorage
import TestSupport
import Testing

@testable import Monitor

/// The step of a pass that reads a registered place.
struct FileSourceTests {
    private let world: MonitorWorld
    private let authority: TestAuthority

    init() throws {
        world = try MonitorWorld()
        authority = try TestPKI.authority("Fleet CA")
    }

    private func write(_ name: String, _ subject: String, in days: Int64 = 400) throws {
        let issued = try authority.issue(
            .client, commonName: subject, notAfter: MonitorWorld.start + .days(days))
        try world.directory.write(issued.pem, to: "pki/\(name)")
        // A file that changed a moment ago is read again, since it may still be changing.
        try world.directory.setModified("pki/\(name)", to: Instant(seconds: 1_600_000_000))
    }

    @Test func `what is new is recorded, and a second look changes nothing`() async throws {
        try write("a.pem", "a")
        try write("b.pem", "b")
        let plan = world.plan()
        #expect(try await world.observeFiles(plan).isEmpty)
        #expect(try await world.watched() == ["fleet CN=a", "fleet CN=b"])
        let revision = try await world.ledger.revision(of: world.source().key)
        let observed = try await world.observer(plan).observe(world.source())
        #expect(observed.unfinished != nil, "sources without changes are finished together")
        #expect(try await world.ledger.revision(of: world.source().key) == revision)
    }

    @Test(arguments: [(Int64(400), 0), (20, 1), (7, 1), (-1, 1)])
    func `a certificate that is seen late has one notice, of its most urgent stage`(days: Int64, notices: Int)
        async throws
    {
        try write("a.pem", "a", in: days)
        #expect(try await world.observeFiles(world.plan()).count == notices)
        #expect(try await world.observeFiles(world.plan()).isEmpty, "it is notified once")
    }

    @Test func `a file with another certificate is read again, and the first one is renewed`() async throws {
        try write("a.pem", "a", in: 20)
        _ = try await world.observeFiles(world.plan())
        try write("a.pem", "a", in: 400)
        try world.directory.setModified("pki/a.pem", to: Instant(seconds: 1_600_000_060))
        let noticeIDs = try await world.observeFiles(world.plan())
        #expect(noticeIDs.isEmpty, "the earlier notice was not sent, so that its end is not sent either")
        #expect(try await world.watched() == ["fleet CN=a"])
    }

    @Test func `a place that cannot be read keeps what is known, and is a finding`() async throws {
        try write("a.pem", "a")
        _ = try await world.observeFiles(world.plan())
        try world.directory.remove("pki")
        _ = try await world.observeFiles(world.plan())
        #expect(try await world.watched() == ["fleet CN=a"])
        #expect(try await world.openFindings() == [.lostFromSight])
    }

    @Test func `a registration of lists leaves the certificates of its files to others`() async throws {
        try write("a.pem", "a")
        let list = try authority.revocationList(
            thisUpdate: MonitorWorld.start, nextUpdate: MonitorWorld.start + .days(365))
        try world.directory.write(list, to: "pki/list.pem")
        try world.directory.setModified("pki/list.pem", to: Instant(seconds: 1_600_000_000))
        _ = try await world.observeFiles(world.plan([Registration(name: "fleet", role: .revocationList)]))
        #expect(try await world.watched() == ["fleet CN=Fleet CA"])
    }

    @Test func `thousands of files are recorded in pages`() async throws {
        let pem = try authority.issue(.client, commonName: "a").pem
        for number in 0..<1_200 {
            try world.directory.write(pem, to: "pki/\(number).pem")
            try world.directory.setModified("pki/\(number).pem", to: Instant(seconds: 1_600_000_000))
        }
        _ = try await world.observeFiles(world.plan())
        let observed = try await world.observer(world.plan()).observe(world.source())
        #expect(observed.unfinished != nil)
        #expect(try await world.ledger.snapshot { try $0.watched(after: 0, limit: 2_000).count } == 1_200)
    }
}
