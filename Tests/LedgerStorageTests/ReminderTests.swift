import Certificates
import ExpiryRules
import LedgerStorage
import Testing

/// `repeat_every`: open notices are sent again, one at a time.
struct ReminderTests {
    private func world() async throws -> LedgerWorld {
        try await LedgerWorld(reminders: ReminderSchedule(every: .days(1)))
    }

    private func words(_ notices: [NoticeFacts]) -> [String] {
        notices.map { $0.summary + ($0.identity.repetition > 0 ? " again" : "") }
    }

    @Test func `from the last threshold on a certificate is told daily, until a week after its end`() async throws {
        let world = try await world()
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 16)]])
        var told: [String] = []
        for _ in 0..<40 {
            world.time.advance(by: .days(1))
            told += words(try await world.pass())
            #expect(try await world.pass().isEmpty)
        }
        let last = Array(repeating: "expiring 14d again", count: 14)
        // The expiry was observed a day later.
        #expect(told == ["expiring 14d"] + last + ["expired"] + Array(repeating: "expired again", count: 7))
    }

    @Test func `after an outage one reminder is told, and the schedule goes on`() async throws {
        let world = try await world()
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 14)]])
        #expect(try await world.deliver() == ["expiring 1209600"])
        world.time.advance(by: .hours(122))
        let notices = try await world.pass()
        #expect(words(notices) == ["expiring 14d again"])
        #expect(notices.first?.identity.repetition == 5)
        #expect(notices.first?.occurredAt == world.time.now - .hours(2))
        world.time.advance(by: .hours(21))
        #expect(try await world.pass().isEmpty)
        world.time.advance(by: .hours(1))
        #expect(words(try await world.pass()) == ["expiring 14d again"])
    }

    @Test func `an undelivered message gives way to the reminder of the same stage`() async throws {
        let world = try await world()
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 14)]])
        world.time.advance(by: .days(3))
        try await world.pass()
        let deliveries = try await world.ledger.deliveries(in: DeliveryState.allCases)
        #expect(deliveries.map(\.state) == [.superseded, .pending])
        #expect(deliveries.map(\.reason) == ["a reminder is told instead", nil])
        #expect(try await world.deliver() == ["expiring 1209600"])
        #expect(try await world.deliver().isEmpty)
    }

    @Test func `a renewal ends the reminders, and is told once`() async throws {
        let world = try await world()
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 14)]])
        try await world.deliver()
        for _ in 0..<3 {
            world.time.advance(by: .days(1))
            try await world.pass()
            #expect(try await world.deliver() == ["expiring 1209600"])
        }
        try await world.see(["a.pem": [world.certificate(2, daysLeft: 400)]])
        #expect(try await world.deliver() == ["renewed -1"])
        world.time.advance(by: .days(2))
        #expect(try await world.pass().isEmpty)
        #expect(try await world.deliver().isEmpty)
    }

    @Test func `what stands is repeated to receivers that forget as the last that they were told`() async throws {
        let world = try await world()
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 14)]])
        try await world.deliver()
        world.time.advance(by: .days(2))
        try await world.pass()
        let before = try await world.ledger.openNotices(notifiedTo: "ops", at: world.time.now)
        #expect(before.map(\.identity.repetition) == [0], "the reminder is not delivered yet, and the alert must stand")
        try await world.deliver()
        let after = try await world.ledger.openNotices(notifiedTo: "ops", at: world.time.now)
        #expect(after.map(\.identity.repetition) == [2])
    }

    @Test func `a clock that jumps ahead and back reminds of nothing again`() async throws {
        let world = try await world()
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 14)]])
        world.time.advance(by: .days(6))
        #expect(try await world.pass().count == 1)
        world.time.advance(by: .days(-4))
        for _ in 0..<4 {
            #expect(try await world.pass().isEmpty)
            world.time.advance(by: .days(1))
        }
        #expect(try await world.pass().isEmpty)
        world.time.advance(by: .days(1))
        #expect(words(try await world.pass()) == ["expiring 14d again"])
    }
}
