import CurlBinding
import TestSupport
import Testing

@Suite struct `Connections to one host` {
    private static func ask(_ port: UInt16, by loop: TransferLoop) async -> TransferResult {
        await loop.perform(Transfer(url: "http://127.0.0.1:\(port)/", schemes: .httpsOrHTTP))
    }

    @Test func `a host has no more than 64 at once, another one does not wait for it, and waiting can be called off`()
        async throws
    {
        let loop = try TransferLoop()
        let crowded = try RecordingReceiver { _, _ in .hang }
        let quiet = try RecordingReceiver()
        let tasks = (0..<100).map { _ in
            Task { await Self.ask(crowded.port, by: loop).code }
        }
        try await waitUntil("the host is full") { crowded.requests.count >= 64 }
        #expect(await Self.ask(quiet.port, by: loop).status == 200)
        #expect(crowded.requests.count == 64)
        for task in tasks { task.cancel() }
        for task in tasks { #expect(await task.value == .cancelled) }
        crowded.behave { _, _ in .answer(204) }
        #expect(await Self.ask(crowded.port, by: loop).status == 204)
    }
}
