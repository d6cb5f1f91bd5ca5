import CurlBinding
import Synchronization
import TestSupport
import Testing

@Suite struct `Connections to one host` {
    @Test func `a host has no more than 64 at once, and another host does not wait for it`() async throws {
        let loop = try TransferLoop()
        let open = Mutex((now: 0, most: 0))
        let crowded = try RecordingReceiver { _, _ in
            open.withLock {
                $0.now += 1
                $0.most = max($0.most, $0.now)
            }
            return .answer(200, after: .milliseconds(40))
        }
        let quiet = try RecordingReceiver()
        func perform(_ port: UInt16) async -> TransferResult {
            await loop.perform(Transfer(url: "http://127.0.0.1:\(port)/", schemes: .httpsOrHTTP))
        }
        let statuses = await withTaskGroup(of: Int?.self) { group in
            for _ in 0..<200 {
                group.addTask {
                    let status = await perform(crowded.port).status
                    open.withLock { $0.now -= 1 }
                    return status
                }
            }
            group.addTask { await perform(quiet.port).status }
            return await group.reduce(into: [Int?]()) { $0.append($1) }
        }
        #expect(statuses.count == 201)
        #expect(Set(statuses) == [200])
        #expect(open.withLock { $0.most } <= 64)
    }

    @Test func `those who wait for a crowded host can be called off`() async throws {
        let loop = try TransferLoop()
        let receiver = try RecordingReceiver { _, _ in .hang }
        let tasks = (0..<100).map { _ in
            Task {
                await loop.perform(
                    Transfer(url: "http://127.0.0.1:\(receiver.port)/", schemes: .httpsOrHTTP)).code
            }
        }
        try await waitUntil("the host is full") { receiver.requests.count == 64 }
        for task in tasks { task.cancel() }
        for task in tasks { #expect(await task.value == .cancelled) }
        receiver.behave { _, _ in .answer(204) }
        let next = await loop.perform(Transfer(url: "http://127.0.0.1:\(receiver.port)/", schemes: .httpsOrHTTP))
        #expect(next.status == 204)
    }
}
