import Certificates
import CurlBinding
import StatusServer
import TestSupport
import Testing

/// Health is the progress of passes.
struct HealthTests {
    /// The statuses of liveness and readiness at so many seconds after the start, each under both of its names.
    private func statuses(of daemon: ServedDaemon, after seconds: Int64) async throws -> [Int?] {
        daemon.time.now = ServedDaemon.start + TimeSpan(seconds: seconds)
        return try await daemon.serving { address in
            var statuses: [Int?] = []
            for path in ["/-/healthy", "/healthz", "/-/ready", "/readyz"] {
                statuses.append(await daemon.get(path, at: address).status)
            }
            return statuses
        }
    }

    @Test(
        arguments: [
            (nil, 0, 200, 503), (nil, 3 * 3_600, 200, 503), (nil, 3 * 3_600 + 1, 503, 503), (10, 10, 200, 200),
            (10, 10 + 3 * 3_600, 200, 200), (10, 11 + 3 * 3_600, 503, 503),
            // A clock that was set back.
            (7_200, 0, 200, 200),
        ] as [(Int64?, Int64, Int, Int)])
    func `without a finished pass for three intervals the daemon is not healthy`(
        pass: Int64?, now: Int64, healthy: Int, ready: Int
    ) async throws {
        let daemon = try ServedDaemon()
        if let pass { daemon.state.notePass(finishedAt: ServedDaemon.start + TimeSpan(seconds: pass)) }
        #expect(try await statuses(of: daemon, after: now) == [healthy, healthy, ready, ready])
    }

    @Test func `the answer says when the last pass finished`() async throws {
        let daemon = try ServedDaemon()
        daemon.state.notePass(finishedAt: ServedDaemon.start)
        let result = try await daemon.serving { await daemon.get("/-/healthy", at: $0) }
        #expect(result.text == "notafter is healthy: the last pass finished at 2027-01-15T08:00:00Z\n")
        #expect(result.header("Cache-Control") == "no-store")
    }
}
