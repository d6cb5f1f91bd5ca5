import Certificates
import Configuration
import CurlBinding
import Delivery

/// Reports the outcome of passes to a dead man's switch.
package struct HeartbeatReporter: Sendable {
    private let heartbeat: Heartbeat?
    private let transfers: any TransferPerforming
    private let time: any TimeSource

    /// A rehearsal sends no heartbeat, since it proves nothing about the running service.
    package init(of settings: Settings, transfers: any TransferPerforming, time: any TimeSource) {
        heartbeat = time.isRehearsal ? nil : settings.heartbeat
        self.transfers = transfers
        self.time = time
    }

    /// Reports a pass that was completed.
    ///
    /// - Returns: why the ping failed; nil when it succeeded or there is no heartbeat.
    func beat(_ health: PassHealth) async -> String? {
        await heartbeat?.send(health.signal, over: transfers, at: time.now)
    }

    /// Runs `body` and reports a failure if it throws. A cancelled pass is not reported.
    ///
    /// - Throws: what `body` throws. A failure of the ping is ignored, since the caller learns of the failed pass
    ///   anyway.
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
