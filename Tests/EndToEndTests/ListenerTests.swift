import Certificates
import Foundation
import TestSupport
import Testing

/// `listen`: what Prometheus, supervisors and people get from the daemon.
struct ListenerTests {
    private static let sections = "listen: 127.0.0.1:0"

    @Test func `a real Prometheus scrapes certificates, counters and the state of the daemon`() async throws {
        let site = try Site(sections: Self.sections)
        // Hostile, and one that differs from it only in what cannot be written.
        for (index, name) in ["a\"} 1\n# EOF\n{b=\"\\", "x\u{1}", "x\u{2}"].enumerated() {
            try site.directory.write(try site.certificate(name, daysLeft: -400).pem, to: "pki/\(index).pem")
        }
        let served = try await ServedSite(site)
        let prometheus = try await PrometheusServer(scraping: served.address)
        try await waitUntil("two scrapes") {
            try prometheus.values(of: "count_over_time(up[1m])", by: "job")["notafter"] ?? 0 >= 2
        }
        #expect(try prometheus.values(of: "up", by: "job") == ["notafter": 1])
        #expect(try prometheus.values(of: "x509_cert_expired", by: "filename").values.sorted() == [1, 1, 1])
        #expect(try prometheus.values(of: "notafter_certificates{state='expired'}", by: "role") == ["client": 3])
        let notices = try prometheus.values(of: "notafter_notices_total", by: "kind")
        #expect(notices["expired"] == 3 && notices["renewed"] == 0, "\(notices)")
        let attempts = try prometheus.values(
            of: "notafter_delivery_attempts_total{receiver_kind='webhook'}", by: "outcome")
        #expect(attempts == ["delivered": 3, "rejected": 0, "not_sent": 0, "unknown": 0])
        let late = try prometheus.values(of: "notafter_notice_lateness_seconds_bucket", by: "le")
        #expect(late["60.0"] == 3 && late["+Inf"] == 3, "\(late)")
        #expect(try prometheus.values(of: "notafter_config_reload_success", by: "job") == ["notafter": 1])
        #expect(try await served.end().status == 0)
    }

    @Test func `promtool and the parsers of prometheus_client find no fault`() async throws {
        let site = try Site(sections: Self.sections)
        try site.directory.write(try site.certificate("a\"}\n\\", daysLeft: 5).pem, to: "pki/hostile.pem")
        let served = try await ServedSite(site)
        try site.directory.write(Array(try served.get("/metrics").utf8), to: "text.prom")
        try site.directory.write(
            Array(try served.get("/metrics", ["-H", "Accept: application/openmetrics-text"]).utf8), to: "open.prom")
        let file = site.directory.path(of: "text.prom")
        let verdict = try RequiredTool("sh").outcome(["-c", "promtool check metrics < '\(file)' 2>&1"])
        #expect(verdict.status == 0, "\(String(decoding: verdict.output, as: UTF8.self))")
        let program = """
            import sys
            from prometheus_client import openmetrics, parser
            from prometheus_client.openmetrics import parser as openparser
            text = {f.name for f in parser.text_string_to_metric_families(open(sys.argv[1], newline="").read())}
            opened = {f.name: f for f in openparser.text_string_to_metric_families(open(sys.argv[2], newline="").read())}
            print(text == set(opened), opened["notafter_notices"].type, opened["notafter_notice_lateness_seconds"].type)
            """
        let output = try RequiredTool.debianPython.output(["-c", program, file, site.directory.path(of: "open.prom")])
        #expect(String(decoding: output, as: UTF8.self) == "True counter histogram\n")
        #expect(try await served.end().status == 0)
    }

    @Test func `healthcheck asks the daemon of the configuration`() async throws {
        let socket = "/tmp/notafter-test-\(UInt32.random(in: 0...UInt32.max)).sock"
        let site = try Site(sections: "listen: unix:\(socket)")
        let stopped = try await site.run(["healthcheck"])
        #expect(stopped.status == 1)
        #expect(stopped.errors.contains("does not answer at unix:\(socket)"), "\(stopped.errors)")
        let served = try await ServedSite(site)
        let healthy = try await site.run(["healthcheck"])
        #expect(healthy.status == 0)
        #expect(healthy.output.hasPrefix("notafter is healthy: the last pass finished at "), "\(healthy.errors)")
        #expect(try await site.run(["healthcheck", "--ready", "--quiet"]).output.isEmpty)
        #expect(try await served.end().status == 0)
        #expect(!FileManager.default.fileExists(atPath: socket))
    }

    @Test func `without listen nothing listens, and healthcheck says what is missing`() async throws {
        let site = try Site()
        let outcome = try await site.run(["healthcheck"])
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("no `listen`"))
    }

    @Test func `an address in use ends the start before anything is sent`() async throws {
        let site = try Site(sections: Self.sections)
        try site.place("a", daysLeft: -400)
        let first = try await ServedSite(site)
        let other = try Site(sections: "listen: \(first.address)")
        try other.place("a", daysLeft: -400)
        let outcome = try await NotafterProcess.run(["run"], directory: other.directory.path)
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("listen \(first.address): Address already in use"), "\(outcome.errors)")
        #expect(other.ops.told.isEmpty)
        #expect(try await first.end().status == 0)
    }

    @Test func `a changed address waits for a restart, which the reload says`() async throws {
        let site = try Site(sections: Self.sections)
        let served = try await ServedSite(site)
        let configuration = try site.directory.read("notafter.yaml")
        try site.directory.write(
            Array(configuration.replacing("127.0.0.1:0", with: "127.0.0.2:0").utf8), to: "notafter.yaml")
        served.daemon.signal(SIGHUP)
        try await waitUntil("the reload says it") { served.daemon.errors.contains("`listen` has changed") }
        #expect(try served.get("/-/healthy").hasPrefix("notafter is healthy"))
        #expect(try await served.end().status == 0)
    }

    @Test func `the budget of series is kept, counted, and can be zero`() async throws {
        let site = try Site(sections: Self.sections + "\nmetrics: { certificate_series: 1 }")
        try site.place("soon", daysLeft: 5)
        try site.place("later", daysLeft: 500)
        let served = try await ServedSite(site)
        let metrics = try served.get("/metrics").split(separator: "\n")
        #expect(metrics.filter { $0.hasPrefix("x509_cert_not_after{") }.count == 1)
        #expect(metrics.contains { $0.hasPrefix("x509_cert_not_after{") && $0.contains("subject_CN=\"soon\"") })
        #expect(metrics.contains("notafter_metrics_object_budget 1"))
        #expect(metrics.contains("notafter_metrics_omitted_objects 1"))
        #expect(try await served.end().status == 0)
        let outcome = try await site.scan(day: 0, ["--textfile", "notafter.prom"])
        #expect(outcome.status == 0, "\(outcome.errors)")
    }
}
