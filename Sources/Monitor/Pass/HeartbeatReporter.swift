import Certificates
import Configuration
import CurlBinding
import Delivery

/// Reports to a dead man's switch how passes ended.
package struct HeartbeatReporter: Sendable {
    private let heartbeat: Heartbeat?
    private let transfers: any TransferPerforming
    private let time: any TimeSource

    /// A rehearsal is no sign of life.
    package init(of settings: Settings, transfers: any TransferPerforming, time: any TimeSource) {
        heartbeat = time.isRehearsal ? nil : settings.heartbeat
        self.transfers = transfers
        self.time = time
    }

    /// Tells how a pass went that came to its end.
    ///
    /// - Returns: what went wrong with the telling, in words; nil when nothing did.
    func beat(_ health: PassHealth) async -> String? {
        await heartbeat?.send(health.signal, over: transfers, at: time.now)
    }

    /// Does what a pass cannot do without, and tells when that failed. What was called off did not fail.
    ///
    /// - Throws: what `body` throws. That the ping failed as well would be no news to whoever hears of that.
    package func watching<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch  where !Task.isCancelled {
            let signal = Heartbeat.Signal.failed("notafter: the pass failed; its log says why")
            _ = await heartbeat?.send(signal, over: transfers, at: time.now)
            throw error
        }
    }
}
