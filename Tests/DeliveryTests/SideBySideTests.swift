import Certificates
import CurlBinding
import Delivery
import ExpiryRules
import LedgerStorage
import Synchronization
import TestSupport
import Testing

/// Several concurrent messages to one receiver.
struct SideBySideTests {
    private static let now = Instant(seconds: 1_800_000_000)

    /// Answers when a test says so, and counts the waiting requests.
    private final class SlowService: TransferPerforming {
        private struct State {
            var waiting: [CheckedContinuation<TransferResult, Never>] = []
            var most = 0
            var subjects: [[UInt8]] = []
        }

        private let enough: Int
        private let state = Mutex(State())

        /// Answers all waiting requests once there are `enough`.
        init(answeringWhen enough: Int) {
            self.enough = enough
        }

        var most: Int { state.withLock { $0.most } }

        func perform(_ transfer: Transfer) async -> TransferResult {
            await withCheckedContinuation { continuation in
                let answered = state.withLock { state in
                    state.waiting.append(continuation)
                    state.most = max(state.most, state.waiting.count)
                    guard state.waiting.count >= enough else { return [CheckedContinuation<TransferResult, Never>]() }
                    defer { state.waiting = [] }
                    return state.waiting
                }
                for waiting in answered {
                    waiting.resume(returning: TransferResult(code: .ok, status: 200, uploadedBytes: 1))
                }
            }
        }
    }

    @Test func `a slow receiver gets several messages at once`() async throws {
        let directory = try TemporaryDirectory.inMemory()
        let sample = try await OutboxSample(directory, at: Self.now, certificates: 3)
        // It answers none before there are three: sent one at a time, they would never be answered.
        let service = SlowService(answeringWhen: 3)
        let reports = try await sample.loop([.unreachable()], transfers: service).drain()
        #expect(reports.map(\.outcome) == [.delivered, .delivered, .delivered])
        #expect(service.most == 3)
    }

    @Test func `a quick one gets them one by one, in their order`() async throws {
        let directory = try TemporaryDirectory.inMemory()
        let sample = try await OutboxSample(directory, at: Self.now, certificates: 20)
        let service = SlowService(answeringWhen: 1)
        _ = try await sample.loop([.unreachable()], transfers: service).drain()
        #expect(service.most == 1)
    }

    @Test func `no two messages about one certificate are under way at once`() async throws {
        let directory = try TemporaryDirectory.inMemory()
        let sample = try await OutboxSample(directory, at: Self.now, certificates: 0)
        try await sample.see("a.pem", .sample(1, notAfter: Self.now + .days(20), names: "a"))
        let first = try await sample.claim()
        sample.time.advance(by: .days(10))
        _ = try await sample.ledger.decideDue(plan: sample.plan, at: sample.time.now)
        await #expect(throws: OutboxSample.NothingToClaim.self) { try await sample.claim() }
        #expect(first.identities.count == 1)
    }

    @Test(arguments: ReceiverKind.allCases)
    func `webhooks and mail go side by side, and what limits its rate does not`(kind: ReceiverKind) {
        #expect((kind.type.mostAtOnce > 1) == (kind == .webhook || kind == .email))
    }
}
