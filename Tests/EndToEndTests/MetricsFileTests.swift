import Certificates
import Foundation
import TestSupport
import Testing

/// `scan --textfile`, read by the usual programs.
struct MetricsFileTests {
    private func metrics(of site: Site, day: Int64 = 0) async throws -> [String] {
        let outcome = try await site.scan(day: day, ["--textfile", "notafter.prom"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        return try site.directory.read("notafter.prom").split(separator: "\n").map(String.init)
    }

    private func value(_ name: String, _ labels: String..., in lines: [String]) -> String? {
        lines.first { line in line.hasPrefix(name) && labels.allSatisfy(line.contains) }?
            .split(separator: " ").last.map(String.init)
    }

    @Test func `certificates, states, findings and passes are there, and promtool finds no fault`() async throws {
        let site = try Site()
        let soon = try site.place("soon", daysLeft: 10)
        try site.place("later", daysLeft: 400)
        let lines = try await metrics(of: site)
        let end = (Site.start + .days(10)).seconds
        #expect(value("x509_cert_not_after{", #"subject_CN="soon""#, in: lines) == "\(end)")
        #expect(
            value("notafter_effective_expiry_timestamp_seconds{", #"filename="soon.pem""#, in: lines) == "\(end)")
        #expect(value("x509_cert_expired{", #"issuer_CN="Site CA""#, in: lines) == "0")
        #expect(value("notafter_certificates{", #"state="ok""#, #"role="client""#, in: lines) == "1")
        #expect(value("notafter_last_good_pass_timestamp_seconds", in: lines) == "\(Site.start.seconds)")
        #expect(value("notafter_outbox_pending{", #"receiver="ops""#, in: lines) == "0")
        #expect(value("x509_read_errors", in: lines) == "0")
        let file = site.directory.path(of: "notafter.prom")
        let verdict = try RequiredTool("sh").outcome(["-c", "promtool check metrics < '\(file)' 2>&1"])
        #expect(verdict.status == 0, "\(String(decoding: verdict.output, as: UTF8.self))")
        withExtendedLifetime(soon) {}
    }

    @Test func `hostile names stay in their labels for Prometheus' own parser`() async throws {
        let site = try Site()
        let name = "a\"} 1\nx509_cert_not_after{subject_CN=\"b\\"
        let certificate = try site.certificate(name, daysLeft: 10)
        try site.directory.write(certificate.pem, to: "pki/hostile.pem")
        _ = try await metrics(of: site)
        let program = """
            import sys
            from prometheus_client.parser import text_string_to_metric_families as parse
            families = {f.name: f for f in parse(open(sys.argv[1], newline="").read())}
            print(len(families["x509_cert_not_after"].samples), families["x509_cert_not_after"].samples[0].labels["subject_CN"])
            """
        let output = try RequiredTool.debianPython.output(
            ["-c", program, site.directory.path(of: "notafter.prom")])
        #expect(
            String(decoding: output, as: UTF8.self).hasPrefix("1 a\"} 1"), "\(String(decoding: output, as: UTF8.self))")
    }

    @Test func `node_exporter hands the file on`() async throws {
        let site = try Site()
        try site.place("soon", daysLeft: 10)
        _ = try await metrics(of: site)
        let port = try LoopbackPort.free()
        let exporter = try ChildProcess(
            RequiredTool("prometheus-node-exporter"),
            [
                "--web.listen-address=127.0.0.1:\(port)", "--collector.disable-defaults", "--collector.textfile",
                "--collector.textfile.directory=\(site.directory.path)",
            ])
        try await LoopbackPort.waitUntilOpen(port)
        let page = try RequiredTool("curl").output(["--silent", "--noproxy", "*", "http://127.0.0.1:\(port)/metrics"])
        let lines = String(decoding: page, as: UTF8.self).split(separator: "\n").map(String.init)
        #expect(value("x509_cert_not_after{", #"subject_CN="soon""#, in: lines) != nil)
        #expect(value("node_textfile_scrape_error", in: lines) == "0")
        withExtendedLifetime(exporter) {}
    }

    @Test func `a file that cannot be written is told, and the pass counts`() async throws {
        let site = try Site()
        try site.place("soon", daysLeft: 10)
        let outcome = try await site.scan(day: 0, ["--textfile", "no/such/directory/n.prom"])
        #expect(outcome.status == 4)
        #expect(outcome.errors.contains("metrics file no/such/directory/n.prom: cannot be written"))
        #expect(site.ops.told == ["fleet/CN=soon expiring 14d"])
        let misnamed = try await site.scan(day: 0, ["--textfile", "n.txt"])
        #expect(misnamed.status == 64)
        #expect(misnamed.errors.contains(".prom"))
    }

    @Test func `the rules that we ship alert as they say`() throws {
        let rules = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "deploy/prometheus")
        let promtool = try RequiredTool("promtool")
        #expect(try promtool.outcome(["check", "rules", rules.path + "/notafter.rules.yaml"]).status == 0)
        #expect(try promtool.outcome(["test", "rules", rules.path + "/notafter.rules.test.yaml"]).status == 0)
    }
}
