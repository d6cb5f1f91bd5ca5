import Foundation
import TestSupport
import Testing

/// Progress on a terminal, for work that takes more than a second.
struct ProgressTests {
    @Test(arguments: [["scan"], ["check", "--all", "--config", "notafter.yaml"]])
    func `a slow source is counted, and the line is erased at the end`(command: [String]) async throws {
        let site = try Self.site(waitingFor: "until [ -e go ]; do sleep 0.05; done")
        let terminal = PseudoTerminal(
            transcript: .raw, reaction: .create("go", when: "fetching: 0 of 1 source, [0-9]+ s so far"))
        let outcome = try await site.run(
            command + Site.at(day: 0), environment: ["TERM": "xterm"], wrapper: terminal.wrapper)
        #expect(outcome.output.contains("\r\u{1B}[Knotafter: fetching: 0 of 1 source"), "\(outcome)")
        let last = try #require(outcome.output.range(of: "\u{1B}[K", options: .backwards))
        // The results follow on a clean line.
        #expect(outcome.output[last.upperBound...].contains("CN=a"), "\(outcome)")
    }

    @Test func `a probe that waits for an answer is counted`() async throws {
        let site = try Site()
        let silent = try ScriptedServer(.mute)
        let terminal = PseudoTerminal(
            transcript: .raw, reaction: .interrupt(when: "probing: 0 of 1 endpoint, [0-9]+ s so far"))
        let outcome = try await site.run(
            ["probe", "https://127.0.0.1:\(silent.port)/"], environment: ["TERM": "xterm"], wrapper: terminal.wrapper)
        #expect(outcome.output.contains("notafter: probing: 0 of 1 endpoint"), "\(outcome)")
    }

    /// Each would show a line if it showed progress: its source takes more than a second.
    @Test(arguments: [
        (["--quiet"], "xterm", true), ([], "dumb", true), ([], "xterm", false),
    ])
    func `no progress when quiet, on a dumb terminal, or in a pipe`(
        options: [String], kind: String, isTerminal: Bool
    ) async throws {
        let site = try Self.site(waitingFor: "sleep 1.5")
        let outcome = try await site.run(
            ["scan"] + options + Site.at(day: 0), environment: ["TERM": kind],
            wrapper: isTerminal ? PseudoTerminal(transcript: .raw).wrapper : [])
        #expect(!(outcome.output + outcome.errors).contains("fetching"), "\(outcome)")
        #expect(outcome.status == 0, "\(outcome)")
    }

    /// A site whose only source is a command that prints a certificate when `wait` ends.
    private static func site(waitingFor wait: String) throws -> Site {
        let site = try Site(paths: "[pki], exec: [/bin/sh, -c, \"\(wait); cat pki/a.pem\"]")
        try site.place("a", daysLeft: 300)
        return site
    }
}
