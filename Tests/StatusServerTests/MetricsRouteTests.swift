import Certificates
import Configuration
import CurlBinding
import Foundation
import LedgerStorage
import Metrics
import StatusServer
import TestSupport
import Testing

/// `/metrics`
struct MetricsRouteTests {
    @Test(
        arguments: [
            ("*/*", "text/plain; version=0.0.4; charset=utf-8"),
            ("application/openmetrics-text", "application/openmetrics-text; version=1.0.0; charset=utf-8"),
        ])
    func `the format follows Accept`(accept: String, type: String) async throws {
        let daemon = try ServedDaemon()
        let result = try await daemon.serving {
            await daemon.get("/metrics", at: $0, [HeaderField("Accept", accept)])
        }
        #expect(result.status == 200)
        #expect(result.header("Content-Type") == type)
        #expect(result.text.hasSuffix("# EOF\n") == accept.contains("openmetrics"))
        #expect(result.text.contains("notafter_build_info{version=\"1.2.3\"} 1\n"))
        #expect(result.text.contains("notafter_config_reload_success 1\n"))
    }

    @Test func `a failed reload and its end are told`() async throws {
        let daemon = try ServedDaemon()
        daemon.state.noteFailedReload()
        let settings = daemon.settings
        let (failed, mended) = try await daemon.serving { address in
            let failed = await daemon.get("/metrics", at: address).text
            daemon.state.noteConfiguration(settings, at: ServedDaemon.start + .hours(1))
            return (failed, await daemon.get("/metrics", at: address).text)
        }
        #expect(failed.contains("notafter_config_reload_success 0\n"))
        #expect(failed.contains("notafter_config_last_reload_success_timestamp_seconds 1800000000\n"))
        #expect(mended.contains("notafter_config_reload_success 1\n"))
        #expect(mended.contains("notafter_config_last_reload_success_timestamp_seconds 1800003600\n"))
    }

    @Test func `a ledger that was removed is no error of the scrape, but no metrics either`() async throws {
        let daemon = try ServedDaemon()
        try FileManager.default.removeItem(atPath: daemon.directory.path(of: "notafter.db"))
        let result = try await daemon.serving { await daemon.get("/metrics", at: $0) }
        #expect(result.status == 503)
        #expect(result.text.contains("ledger"))
    }

    @Test func `docs and metrics name the same metrics`() async throws {
        let daemon = try ServedDaemon()
        // A scrape leaves out what has no value.
        let families = try await LedgerMetrics(
            LedgerMetrics.Settings(version: "1.2.3"), plan: daemon.settings.plan, at: ServedDaemon.start
        ).families(of: daemon.ledger)
        let text = try await daemon.serving { await daemon.get("/metrics", at: $0).text }
        let scraped = text.matches(of: /(?m)^# TYPE (\S+)/).map { String($0.1) }
        let root = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let page = try String(contentsOf: root.appending(path: "docs/metrics.md"), encoding: .utf8)
        let documented = page.matches(of: /(?m)^\| (`[^|]+) \|/).flatMap { row in
            row.1.matches(of: /`([^`]+)`/).map { String($0.1) }
        }
        #expect(Set(documented).count == documented.count)
        // It has no value before the first attempt.
        let unattempted = ["notafter_delivery_attempts_total"]
        #expect(Set(documented) == Set(families.map(\.name) + scraped + unattempted))
    }

    @Test func `many scrapes at once are all answered`() async throws {
        let daemon = try ServedDaemon()
        let statuses = try await daemon.serving { address in
            await withTaskGroup(of: Int?.self) { group in
                for _ in 1...50 { group.addTask { await daemon.get("/metrics", at: address).status } }
                return await group.reduce(into: []) { $0.append($1) }
            }
        }
        #expect(statuses == Array(repeating: 200, count: 50))
    }
}
