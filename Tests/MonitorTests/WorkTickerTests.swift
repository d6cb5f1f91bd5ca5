import Monitor
import Synchronization
import TestSupport
import Testing

@Suite struct `Ticks while there is work` {
    @Test func `without work nothing wakes it but a change, and after the work it sleeps again`() async throws {
        let ticker = WorkTicker(interval: .milliseconds(1))
        let left = Mutex(0)
        let looks = Mutex(0)
        let ticks = Mutex(0)
        let running = Task {
            await ticker.run(
                while: {
                    looks.withLock { $0 += 1 }
                    return left.withLock { $0 > 0 }
                },
                {
                    ticks.withLock { $0 += 1 }
                    left.withLock { $0 -= 1 }
                })
        }
        try await waitUntil("it has looked for work once") { looks.withLock { $0 == 1 } }
        left.withLock { $0 = 3 }
        ticker.wake()
        try await waitUntil("the work is done") { left.withLock { $0 == 0 } }
        ticker.wake()
        try await waitUntil("it has looked for work after the change") { looks.withLock { $0 == 6 } }
        running.cancel()
        await running.value
        #expect(ticks.withLock { $0 } == 3)
        // One at the start, one for each change, one after each tick.
        #expect(looks.withLock { $0 } == 6)
    }
}
