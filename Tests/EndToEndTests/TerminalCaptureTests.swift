import Certificates
import Foundation
import TestSupport
import Testing

/// What a terminal shows of each listing, drawn by tmux, with names in Japanese. `RECORD=1` rewrites the captures.
struct TerminalCaptureTests {
    private static let golden = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Captured")

    private static let commands = [
        ["check", "--all", "pki"], ["list"], ["status"], ["forecast", "--days", "40"], ["explain", "計測器"],
        ["deliveries"], ["silence", "list"], ["config", "routes"], ["inspect", "pki/2.pem"],
    ]

    /// Names and days left. One is short, one long, two take two columns for each character.
    private static let certificates: [(name: String, organisation: String, days: Int64)] = [
        ("billing", "Example", 0), ("a-rather-long-name-of-a-device-in-the-third-hall.example.com", "Example GmbH", 29),
        ("計測器七号", "日本例示株式会社", 13), ("インターネット認証局第一号東日本配信センター", "日本例示株式会社", 200), ("sensor-3", "", -3),
    ]

    /// What a pass sees comes from a command, whose text is the same in each run, as no path of a temporary directory is.
    /// One message is refused, and one is silenced.
    private func site() async throws -> (Site, RecordingReceiver) {
        let refusing = try RecordingReceiver { number, _ in .answer(number == 0 ? 404 : 200) }
        let site = try Site()
        let longName = "a-receiver-with-a-long-name-for-the-people-on-call"
        try site.directory.write(
            """
            certificates:
              - { name: fleet, role: client, exec: [/bin/sh, -c, "cat pki/*.pem"], owner: device-team }
            receivers:
              - { name: ops, webhook: { url: "\(site.ops.url)", secret_file: ops.secret } }
              - { name: \(longName), webhook: { url: "\(refusing.url)", secret_file: ops.secret } }
            route: { receivers: [ops, \(longName)] }
            """, to: "notafter.yaml")
        for (index, entry) in Self.certificates.enumerated() {
            var template = CertificateTemplate(.client, commonName: entry.name)
            if !entry.organisation.isEmpty { template.subject.append([.organization(entry.organisation)]) }
            template.notAfter = .at(Site.start + .days(entry.days) + .hours(20))
            try site.directory.write(try site.authority.issue(template).pem, to: "pki/\(index).pem")
        }
        try await site.scan(day: 0)
        let silence = try await site.run(
            ["silence", "add", "severity=warning", "--for", "7d", "--by", "alice", "--reason", "CHG-42: 計測器を入れ替え中"]
                + Site.at(day: 0))
        #expect(silence.status == 0, "\(silence.errors)")
        return (site, refusing)
    }

    @Test(arguments: [80, 120])
    func `each listing is as it was captured, and fits`(columns: Int) async throws {
        _ = try RequiredTool("tmux")
        let (site, refusing) = try await site()
        defer { refusing.stop() }
        var screens: [String] = []
        for command in Self.commands {
            let outcome = try await site.run(
                command + (command.first == "config" || command.first == "deliveries" ? [] : Site.at(day: 0)),
                wrapper: ["/bin/bash", Self.script, "\(columns)"])
            screens.append("$ notafter \(command.joined(separator: " "))\n\(Self.normalised(outcome.output))")
        }
        let capture = screens.joined(separator: "\n")
        let file = Self.golden.appending(path: "\(columns).txt")
        if ProcessInfo.processInfo.environment["RECORD"] == "1" {
            try capture.write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(capture == (try String(contentsOf: file, encoding: .utf8)))
    }

    private static let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "TestSupport/terminal_capture.sh").path

    /// Fingerprints, serial numbers, times of attempts and ports differ in each run.
    private static func normalised(_ screen: String) -> String {
        screen.replacing(/[0-9a-f]{64}/, with: String(repeating: "0", count: 64))
            .replacing(/(Serial +)[0-9a-f]+/) { "\($0.1)01" }
            .replacing(/127\.0\.0\.1:[0-9]+/, with: "127.0.0.1:9797")
            .replacing(/[0-9]+ ms/, with: "3 ms")
    }
}
