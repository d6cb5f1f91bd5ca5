import Certificates
import CurlBinding
import Delivery
import ExpiryRules
import LedgerStorage
import Synchronization
import TestSupport
import Testing

/// Many messages for a receiver that accepts them quickly.
struct GroupedDeliveryTests {
    private static let now = Instant(seconds: 1_800_000_000)
    private static let lease = TimeSpan(seconds: 60)

    /// Accepts everything at once, except for the requests of these numbers, counted from 0.
    private final class QuickService: TransferPerforming {
        private let refused: Set<Int>
        private let loop: TransferLoop?
        private let state = Mutex((requests: 0, accepted: [String: Int]()))
        private let connections = Mutex([ObjectIdentifier?]())

        /// `loop` makes the connections that transfers share.
        init(refusing refused: Set<Int> = [], loop: TransferLoop? = nil) {
            self.refused = refused
            self.loop = loop
        }

        func keepConnections() -> KeptConnections? { loop?.keepConnections() }

        /// The shared connections of each request; nil for one with a connection of its own.
        var connectionsUsed: [ObjectIdentifier?] { connections.withLock { $0 } }

        /// How often each message was accepted, by its id.
        var accepted: [String: Int] { state.withLock { $0.accepted } }

        func perform(_ transfer: Transfer) async -> TransferResult {
            let id = transfer.headers.first { $0.name == "webhook-id" }?.value ?? ""
            connections.withLock { $0.append(transfer.connections.map(ObjectIdentifier.init)) }
            return state.withLock { state in
                defer { state.requests += 1 }
                guard !refused.contains(state.requests) else {
                    return TransferResult(code: .ok, status: 503, uploadedBytes: 1)
                }
                state.accepted[id, default: 0] += 1
                return TransferResult(code: .ok, status: 200, uploadedBytes: 1)
            }
        }
    }

    private func sample(
        _ directory: TemporaryDirectory, certificates: Int, counting work: DatabaseWork? = nil
    ) async throws -> OutboxSample {
        let sample = try await OutboxSample(directory, at: Self.now, certificates: 0, counting: work)
        try await sample.see(
            (0..<certificates).map { ("\($0).pem", .sample(UInt32($0), notAfter: Self.now + .days(10))) })
        return sample
    }

    @Test func `many that are taken quickly are claimed and settled in groups`() async throws {
        let work = DatabaseWork()
        let directory = try TemporaryDirectory.inMemory()
        let sample = try await sample(directory, certificates: 200, counting: work)
        let loop = try await sample.loop([.unreachable()], transfers: QuickService())
        let before = work.counts
        let reports = try await loop.drain()
        #expect(reports.count == 200 && reports.allSatisfy { $0.outcome == .delivered && $0.attempt == 1 })
        // Sent one by one, each message would take two commits.
        #expect(work.counts.since(before).commits <= 60)
    }

    @Test func `the messages of a group share connections, and each single one has its own`() async throws {
        let directory = try TemporaryDirectory.inMemory()
        let sample = try await sample(directory, certificates: 200)
        let service = QuickService(loop: try TransferLoop())
        let reports = try await sample.loop([.unreachable()], transfers: service).drain()
        let used = service.connectionsUsed
        #expect(used.count == reports.count)
        let single = used.prefix { $0 == nil }
        #expect((8...16).contains(single.count), "the receiver has to take some quickly first")
        #expect(used.dropFirst(single.count).allSatisfy { $0 != nil })
    }

    @Test(arguments: [9, 20, 60])
    func `what is not taken amid a group delays itself alone, and nothing is taken twice`(number: Int) async throws {
        let directory = try TemporaryDirectory.inMemory()
        let sample = try await sample(directory, certificates: 100)
        let service = QuickService(refusing: [number])
        let reports = try await sample.loop([.unreachable()], transfers: service).drain(spending: .hours(1))
        #expect(reports.count { $0.outcome != .delivered } == 1)
        #expect(service.accepted.count == 100 && service.accepted.values.allSatisfy { $0 == 1 })
        #expect(try await sample.ledger.outboxState(expiredSince: Self.now).open == 0)
    }

    @Test func `what a claimant that died had leased together is unknown, and repeated under its ids`() async throws {
        let directory = try TemporaryDirectory.inMemory()
        let sample = try await sample(directory, certificates: 40)
        let lost = try await claims(sample, at: 0)
        #expect(lost.count == LeaseCount.most && lost.allSatisfy { !$0.mayBeDuplicate })
        let rest = try await claims(sample, at: 1)
        #expect(rest.count == 8, "a lease holds")
        let repeated = try await claims(sample, at: Self.lease.seconds + 1)
        #expect(Set(repeated.map(\.message)) == Set(lost.map(\.message)))
        #expect(repeated.allSatisfy { $0.mayBeDuplicate && $0.attempt == 2 })
    }

    private func claims(_ sample: OutboxSample, at bootSeconds: Int64) async throws -> [Claim] {
        try await sample.ledger.claims(
            for: "ops", upTo: LeaseCount.most, at: sample.time.now,
            boot: BootTime(bootID: "boot", seconds: bootSeconds),
            terms: ClaimTerms(lease: Self.lease), plan: sample.plan,
            render: { FrozenMessage(identifier: $0.notices.map(\.identity.subject.text).joined(), body: [1]) })
    }
}
