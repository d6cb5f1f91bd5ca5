import Certificates
import Delivery
import Foundation
import TestSupport
import Testing

/// `notafter receive`: a receiver to try it out with.
struct ReceiveCommandTests {
    /// The command while it listens, at a port of the kernel's choice.
    private struct Listener {
        let process: NotafterProcess
        let port: Int

        init(_ arguments: [String], in directory: TemporaryDirectory) async throws {
            let process = try NotafterProcess(["receive", "--port", "0"] + arguments, directory: directory.path)
            try await waitUntil("it listens") {
                process.errors.contains("until Ctrl-C") || !process.isRunning
            }
            let match = try #require(process.errors.firstMatch(of: /127\.0\.0\.1:(\d+)/), "\(process.errors)")
            port = try #require(Int(match.1))
            self.process = process
        }

        /// - Returns: the status of the answer.
        func post(_ body: String, headers: [String: String] = [:], method: String = "POST") throws -> Int {
            let fields = headers.flatMap { ["-H", "\($0): \($1)"] }
            let content = method == "POST" ? ["--data-raw", body] : []
            let output = try RequiredTool("curl").output(
                ["-s", "-o", "/dev/null", "-w", "%{http_code}", "-X", method] + fields + content
                    + ["http://127.0.0.1:\(port)/hook"])
            return try #require(Int(String(decoding: output, as: UTF8.self)))
        }
    }

    @Test func `what notafter sends arrives, is verified and readable`() async throws {
        let site = try Site()
        try site.place("a", daysLeft: 10)
        let listener = try await Listener(["--secret-file", "ops.secret", "--count", "2"], in: site.directory)
        let text = try String(contentsOfFile: site.directory.path(of: "notafter.yaml"), encoding: .utf8)
        try site.directory.write(
            text.replacing(site.ops.url, with: "http://127.0.0.1:\(listener.port)/"), to: "notafter.yaml")
        #expect(try await site.run(["test-notify"]).status == 0)
        #expect(try await site.scan(day: 0).status == 2, "the clock of the rehearsal is not that of the receiver")
        let outcome = try await listener.process.outcome()
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output.contains(try Regex("Z  test  signature verified  na_\\w+\n")), "\(outcome.output)")
        #expect(outcome.output.contains("refused: it was signed at 2027-01-15T08:00:00Z, more than 5 minutes"))
        #expect(outcome.output.contains("subject=fleet/CN=a  severity=critical  stage=14d"), "\(outcome.output)")
    }

    @Test func `a message that is not signed with the secret is refused`() async throws {
        let site = try Site()
        let listener = try await Listener(["--secret-file", "ops.secret", "--json"], in: site.directory)
        let now = Int64(Date().timeIntervalSince1970)
        let signing = try #require(SigningSecret(parsing: Site.signingSecret))
        let body = #"{"type":"test","data":{"text":"hello\u001b[31m"}}"#
        let good = signing.signature(id: "m1", timestamp: now, body: Array(body.utf8))
        func headers(_ signature: String?, time: Int64) -> [String: String] {
            var headers = ["webhook-id": "m1", "webhook-timestamp": "\(time)"]
            headers["webhook-signature"] = signature
            return headers
        }
        #expect(try listener.post(body, headers: headers(good, time: now)) == 204)
        #expect(try listener.post(body, headers: headers("v1,AAAA \(good)", time: now)) == 204)
        #expect(try listener.post(body + " ", headers: headers(good, time: now)) == 401)
        #expect(try listener.post(body, headers: headers(nil, time: now)) == 401)
        #expect(try listener.post(body) == 401)
        #expect(try listener.post("", method: "GET") == 405)
        listener.process.signal(SIGTERM)
        let outcome = try await listener.process.outcome()
        #expect(outcome.status == 0, "\(outcome.errors)")
        let lines = outcome.output.split(separator: "\n")
        #expect(lines.map { $0.contains("\"verified\":true") } == [true, true, false, false, false])
        #expect(lines.last?.contains("it has no webhook-id") == true, "\(outcome.output)")
    }

    @Test func `without a secret nothing is verified, and hostile text is escaped`() async throws {
        let directory = try TemporaryDirectory()
        let listener = try await Listener(["--count", "2"], in: directory)
        #expect(try listener.post(#"{"type":"test","data":{"text":"a\u001b[31m"}}"#) == 204)
        #expect(try listener.post("hello") == 204)
        let outcome = try await listener.process.outcome()
        #expect(outcome.output.contains("signature not checked"))
        #expect(outcome.output.contains("a\\u{1B}[31m"), "\(outcome.output)")
        #expect(outcome.output.contains("no message of notafter"))
    }

    @Test func `what it cannot use is an error at the start`() async throws {
        let directory = try TemporaryDirectory()
        let missing = try await NotafterProcess.run(["receive", "--secret-file", "nowhere"], directory: directory.path)
        #expect(missing.status == 1 && missing.errors.contains("nowhere"), "\(missing.errors)")
        let first = try await Listener([], in: directory)
        let second = try await NotafterProcess.run(["receive", "--port", "\(first.port)"], directory: directory.path)
        #expect(second.status == 1)
        #expect(second.errors.contains("port \(first.port) of 127.0.0.1 cannot be used"), "\(second.errors)")
        #expect(try await NotafterProcess.run(["receive", "--port", "70000"]).status == 64)
    }
}
