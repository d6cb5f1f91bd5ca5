import CurlBinding
import Synchronization
import TestSupport
import Testing

/// How many are in at once, and how many there ever were.
private final class Gauge: Sendable {
    private let counts = Mutex((now: 0, most: 0))

    func rise() {
        counts.withLock {
            $0.now += 1
            $0.most = max($0.most, $0.now)
        }
    }

    func fall() {
        counts.withLock { $0.now -= 1 }
    }

    var most: Int { counts.withLock { $0.most } }
}

@Suite struct `Connections to one host` {
    private static func ask(_ port: UInt16, by loop: TransferLoop) async -> TransferResult {
        await loop.perform(Transfer(url: "http://127.0.0.1:\(port)/", schemes: .httpsOrHTTP))
    }

    @Test func `a host has no more than 64 at once, and another host does not wait for it`() async throws {
        let loop = try TransferLoop()
        let open = Gauge()
        let crowded = try RecordingReceiver { _, _ in
            open.rise()
            return .answer(200, after: .milliseconds(40))
        }
        let quiet = try RecordingReceiver()
        let statuses = await withTaskGroup(of: Int?.self) { group in
            for _ in 0..<200 {
                group.addTask {
                    let status = await Self.ask(crowded.port, by: loop).status
                    open.fall()
                    return status
                }
            }
            group.addTask { await Self.ask(quiet.port, by: loop).status }
            return await group.reduce(into: [Int?]()) { $0.append($1) }
        }
        #expect(statuses.count == 201)
        #expect(Set(statuses) == [200])
        #expect(open.most <= 64)
    }

    @Test func `those who wait for a crowded host can be called off`() async throws {
        let loop = try TransferLoop()
        let receiver = try RecordingReceiver { _, _ in .hang }
        let tasks = (0..<100).map { _ in
            Task { await Self.ask(receiver.port, by: loop).code }
        }
        try await waitUntil("the host is full") { receiver.requests.count == 64 }
        for task in tasks { task.cancel() }
        for task in tasks { #expect(await task.value == .cancelled) }
        receiver.behave { _, _ in .answer(204) }
        #expect(await Self.ask(receiver.port, by: loop).status == 204)
    }
}
