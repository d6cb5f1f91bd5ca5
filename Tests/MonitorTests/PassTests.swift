import Certificates
import ExpiryRules
import LedgerStorage
import TestSupport
import Testing

@testable import Monitor

/// The main flow with a real directory, a ledger in memory and a webhook on loopback.
struct PassTests {
    private let world: MonitorWorld
    private let webhook: RecordingReceiver
    private let authority: TestAuthority

    init() throws {
        world = try MonitorWorld()
        webhook = try RecordingReceiver()
        authority = try TestPKI.authority("Fleet CA")
    }

    private func write(_ name: String, in days: Int64) throws {
        let issued = try authority.issue(.client, commonName: name, notAfter: MonitorWorld.start + .days(days))
        try world.directory.write(issued.pem, to: "pki/\(name).pem")
    }

    private func pass() throws -> Pass { world.pass(try world.settings(webhook: webhook.url)) }

    private var types: [String] {
        webhook.requests.compactMap { request in
            request.text.firstMatch(of: /"type":"([a-z_.]+)"/).map { String($0.1) }
        }
    }

    @Test func `each stage is notified once, over passes and weeks`() async throws {
        try write("a", in: 40)
        for day in stride(from: 0, through: 48, by: 4) {
            world.clock.now = MonitorWorld.start + .days(Int64(day))
            _ = try await pass().run()
            _ = try await pass().run()
        }
        let expected = ["certificate.expiring", "certificate.expiring", "certificate.expired"]
        #expect(types.filter { $0.hasPrefix("certificate.") } == expected)
    }

    @Test func `a good pass counts its sources and ends with an empty outbox`() async throws {
        try write("a", in: 20)
        let summary = try await pass().run()
        #expect(summary.deliveries.map(\.outcome) == [.delivered])
        #expect(summary.outbox.open == 0)
        let health = try #require(summary.health)
        #expect(health.sources == 1 && health.unreadSources == 0)
        #expect(try await world.ledger.lastPass() == world.clock.now)
    }

    @Test func `a pass that is cut short is not finished, and the next one catches up`() async throws {
        try write("a", in: 20)
        let summary = try await pass().run { false }
        #expect(summary.health == nil && summary.noticeIDs.isEmpty)
        #expect(webhook.requests.isEmpty)
        #expect(try await world.ledger.lastPass() == nil)
        #expect(try await pass().run().deliveries.map(\.outcome) == [.delivered])
    }

    @Test func `an unreadable place makes the pass troubled`() async throws {
        try write("a", in: 400)
        _ = try await pass().run()
        try world.directory.remove("pki")
        let health = try #require(try await pass().run().health)
        #expect(health.problems == ["1 source could not be read"])
        #expect(health.outcome == .troubled)
    }

    @Test func `a receiver that fails gets the message later, under the same id`() async throws {
        try write("a", in: 20)
        webhook.behave { number, _ in number == 0 ? .answer(503) : .answer(200) }
        let first = try await pass().run()
        #expect(first.outbox.open == 1)
        world.clock.advance(by: .hours(1))
        let second = try await pass().run()
        #expect(second.deliveries.map(\.outcome) == [.delivered] && second.outbox.open == 0)
        #expect(Set(webhook.requests.map { $0.headers["webhook-id"] }).count == 1)
    }

    @Test func `without receivers the notices are decided and nothing is open`() async throws {
        try write("a", in: 20)
        let summary = try await world.pass(try world.settings()).run()
        #expect(summary.noticeIDs.count == 1 && summary.deliveries.isEmpty && summary.outbox.open == 0)
    }
}
