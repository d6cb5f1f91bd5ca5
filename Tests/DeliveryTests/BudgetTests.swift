import Certificates
import CurlBinding
import Delivery
import ExpiryRules
import LedgerStorage
import Synchronization
import TestSupport
import Testing

/// A drain with a time budget, as `scan` makes it: it waits for retries that fall due within the budget.
struct BudgetTests {
    private static let now = Instant(seconds: 1_800_000_000)
    private static let budget = TimeSpan(seconds: 300)

    /// Answers as `script` says, and records the accepted messages.
    private final class Service: TransferPerforming {
        private let script: @Sendable (Int) -> TransferResult
        private let state = Mutex((requests: 0, taken: Set<String>()))

        init(_ script: @escaping @Sendable (Int) -> TransferResult) {
            self.script = script
        }

        var requests: Int { state.withLock { $0.requests } }
        var taken: Int { state.withLock { $0.taken.count } }

        func perform(_ transfer: Transfer) async -> TransferResult {
            let id = transfer.headers.first { $0.name == "webhook-id" }?.value ?? ""
            return state.withLock { state in
                state.requests += 1
                let result = script(state.requests - 1)
                if result.status == 200 { state.taken.insert(id) }
                return result
            }
        }
    }

    private static func answer(_ status: Int, retryAfter: Int? = nil) -> TransferResult {
        TransferResult(code: .ok, status: status, uploadedBytes: 1, retryAfterSeconds: retryAfter)
    }

    private func sample(_ directory: TemporaryDirectory, certificates: Int) async throws -> OutboxSample {
        let sample = try await OutboxSample(directory, at: Self.now, certificates: 0)
        try await sample.see(
            (0..<certificates).map { ("\($0).pem", .sample(UInt32($0), notAfter: Self.now + .days(10))) })
        return sample
    }

    @Test(arguments: 1...5)
    func `at a receiver that fails one request in five, one drain delivers 300 of 300 in two minutes`(
        seed: UInt64
    ) async throws {
        let directory = try TemporaryDirectory.inMemory()
        let sample = try await sample(directory, certificates: 300)
        let random = Mutex(SeededGenerator(seed: seed))
        let service = Service { _ in
            random.withLock { random in
                guard random.chance(20) else { return Self.answer(200) }
                return [Self.answer(503), Self.answer(500), TransferResult(code: .receiveFailed, uploadedBytes: 1)]
                    .randomElement(using: &random) ?? Self.answer(503)
            }
        }
        _ = try await sample.loop([.unreachable()], transfers: service).drain(spending: Self.budget)
        #expect(service.taken == 300)
        #expect(sample.time.now - Self.now < TimeSpan(seconds: 120))
    }

    @Test func `a run of bad luck costs seconds`() async throws {
        let directory = try TemporaryDirectory.inMemory()
        let sample = try await sample(directory, certificates: 100)
        // One failure in five, and then seven in a row, of which the last three are probes.
        let service = Service { number in
            let fails = number < 40 ? number % 5 == 4 : number < 46
            return Self.answer(fails ? 503 : 200)
        }
        _ = try await sample.loop([.unreachable()], transfers: service).drain(spending: Self.budget)
        #expect(service.taken == 100)
        #expect(sample.time.now - Self.now < TimeSpan(seconds: 60))
    }

    @Test func `a receiver that asks for a pause after each 30 gets 300 of 300 as well`() async throws {
        let directory = try TemporaryDirectory.inMemory()
        let sample = try await sample(directory, certificates: 300)
        let service = Service { $0 % 31 == 30 ? Self.answer(429, retryAfter: 10) : Self.answer(200) }
        _ = try await sample.loop([.unreachable()], transfers: service).drain(spending: Self.budget)
        #expect(service.taken == 300)
        #expect(sample.time.now - Self.now == TimeSpan(seconds: 90), "each pause, and no longer")
    }

    @Test func `a Retry-After beyond the budget is not waited for`() async throws {
        let directory = try TemporaryDirectory.inMemory()
        let sample = try await sample(directory, certificates: 40)
        let service = Service { $0 == 30 ? Self.answer(429, retryAfter: 301) : Self.answer(200) }
        _ = try await sample.loop([.unreachable()], transfers: service).drain(spending: Self.budget)
        // Messages that are in progress may still be accepted: a webhook gets up to 8 concurrently.
        #expect((30...37).contains(service.taken))
        #expect(sample.time.now == Self.now)
        let backlog = try await sample.ledger.outboxState(expiredSince: Self.now).backlogs
        #expect(backlog.map(\.open) == [40 - service.taken])
        #expect(backlog.map(\.nextAttempt) == [Self.now + TimeSpan(seconds: 301)])
    }

    @Test func `without a budget nothing is waited for`() async throws {
        let directory = try TemporaryDirectory.inMemory()
        let sample = try await sample(directory, certificates: 20)
        let service = Service { $0 == 3 ? Self.answer(503) : Self.answer(200) }
        _ = try await sample.loop([.unreachable()], transfers: service).drain()
        #expect(service.taken == 19, "the others do not wait for the one that failed")
        #expect(sample.time.now == Self.now)
    }

    @Test func `a receiver that is down costs one attempt a back-off, whatever waits for it`() async throws {
        let directory = try TemporaryDirectory.inMemory()
        let sample = try await sample(directory, certificates: 300)
        let service = Service { _ in TransferResult(code: .connectFailed) }
        let loop = try await sample.loop([.unreachable()], transfers: service)
        var attempts: [Int] = []
        for _ in 0..<4 {
            _ = try await loop.drain(spending: Self.budget)
            attempts.append(service.requests)
            sample.time.advance(by: .hours(1))
        }
        #expect(attempts == [2, 3, 4, 4], "at once and after 5 s; then after 5 min, 30 min and 2 h")
    }

    @Test func `one message that fails for ever delays itself alone`() async throws {
        let directory = try TemporaryDirectory.inMemory()
        let sample = try await sample(directory, certificates: 30)
        let poison = Mutex<String?>(nil)
        final class Poisoned: TransferPerforming {
            let poison: @Sendable (String) -> Bool
            let taken = Mutex(Set<String>())
            init(_ poison: @escaping @Sendable (String) -> Bool) { self.poison = poison }

            func perform(_ transfer: Transfer) async -> TransferResult {
                let id = transfer.headers.first { $0.name == "webhook-id" }?.value ?? ""
                if poison(id) { return BudgetTests.answer(500) }
                taken.withLock { _ = $0.insert(id) }
                return BudgetTests.answer(200)
            }
        }
        let service = Poisoned { id in
            poison.withLock { poison in
                if poison == nil { poison = id }
                return poison == id
            }
        }
        _ = try await sample.loop([.unreachable()], transfers: service).drain(spending: Self.budget)
        #expect(service.taken.withLock(\.count) == 29)
        #expect(try await sample.ledger.outboxState(expiredSince: Self.now).open == 1)
    }

    @Test func `a rehearsal waits for nothing`() async throws {
        let directory = try TemporaryDirectory.inMemory()
        let sample = try await sample(directory, certificates: 1)
        let service = Service { _ in Self.answer(503) }
        struct MadeUp: TimeSource {
            let now = BudgetTests.now
            var isRehearsal: Bool { true }
        }
        let loop = DeliveryLoop(
            ledger: sample.ledger, transfers: service, receivers: [try .unreachable()], plan: sample.plan,
            time: MadeUp(),
            bootTime: { BootTime(bootID: "boot", seconds: 0) }, pause: { _ in Issue.record("it waits") })
        try await loop.reconcile()
        _ = try await loop.drain(spending: Self.budget)
        #expect(service.requests == 1)
    }
}
