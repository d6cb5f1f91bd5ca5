import Certificates
import Delivery
import ExpiryRules
import Foundation
import LedgerStorage
import MessageSamples
import TestSupport
import Testing

/// Commands that get messages.
struct ExecTests {
    private let lab: ReceiverLab

    init() throws {
        lab = try ReceiverLab()
    }

    private func receiver(_ script: String, timeout: Int = 30) throws -> ConfiguredReceiver {
        let path = try lab.directory.write("#!/bin/sh\n\(script)\n", to: "command")
        chmod(path, 0o755)
        return try lab.receiver(
            .exec, at: "unused", further: ["command": .list([path, "first argument"]), "timeout": .number(timeout)])
    }

    @Test func `a command has the facts in its environment and the message on its standard input`() async throws {
        let receiver = try receiver(
            "cd '\(lab.directory.path)'; echo \"$1\" > argument; cat > input; env > environment")
        let message = try receiver.composer.message(
            NoticeSample.facts(.expiring, subject: "CN=$(touch pwned);`touch pwned`\nX=1"),
            registration: NoticeSample.registration)
        let verdict = try await lab.send(message, to: receiver, number: 3, mayBeDuplicate: true)
        #expect(verdict.outcome == .delivered, "\(verdict.detail)")
        func written(_ name: String) throws -> String {
            try String(contentsOfFile: lab.directory.path(of: name), encoding: .utf8)
        }
        #expect(try written("argument") == "first argument\n")
        let json = try JSONSerialization.jsonObject(with: Data(try written("input").utf8)) as? [String: Any]
        #expect(json?["type"] as? String == "certificate.expiring")
        let environment = Set(try written("environment").split(separator: "\n").map(String.init))
        for expected in [
            "NOTAFTER_ID=\(message.id)", "NOTAFTER_TYPE=certificate.expiring", "NOTAFTER_STATUS=firing",
            "NOTAFTER_SEVERITY=warning", "NOTAFTER_REGISTRATION=fleet", "NOTAFTER_OWNER=platform",
            "NOTAFTER_SUBJECT=CN=$(touch pwned);`touch pwned`\\u{A}X=1", "NOTAFTER_STAGE=14d", "NOTAFTER_ATTEMPT=3",
            "NOTAFTER_POSSIBLE_DUPLICATE=1", "NOTAFTER_RECEIVER=lab", "NOTAFTER_TITLE=\(message.title)",
        ] {
            #expect(environment.contains(expected), "\(expected)")
        }
        #expect(!FileManager.default.fileExists(atPath: lab.directory.path(of: "pwned")))
    }

    @Test(arguments: [
        ("exit 0", AttemptOutcome.delivered, AttemptResult.Next.done),
        ("exit 1", .rejected, .again(.messageFailed)),
        ("exit 75", .rejected, .again(.messageFailed)), ("echo why >&2; exit 78", .rejected, .park),
        ("exit 64", .rejected, .park), ("kill -9 $$", .unknown, .again(.messageFailed)),
    ])
    func `the exit status says what became of it`(
        script: String, outcome: AttemptOutcome, next: AttemptResult.Next
    ) async throws {
        let receiver = try receiver(script)
        let verdict = try await lab.send(try receiver.composer.testMessage(at: ReceiverLab.now), to: receiver)
        #expect(verdict.outcome == outcome && verdict.next == next, "\(verdict)")
        if script.contains("why") { #expect(verdict.detail == "exit status 78: why") }
    }

    @Test func `a command that is not done in time is killed with all that it started`() async throws {
        let receiver = try receiver("sleep 600 & echo $! > '\(lab.directory.path)/child'; wait", timeout: 1)
        let verdict = try await lab.send(try receiver.composer.testMessage(at: ReceiverLab.now), to: receiver)
        #expect(verdict.outcome == .unknown)
        let child = try String(contentsOfFile: lab.directory.path(of: "child"), encoding: .utf8)
        let pid = try #require(pid_t(child.trimmingCharacters(in: .whitespacesAndNewlines)))
        try await waitUntil("the child is gone") { kill(pid, 0) != 0 }
    }

    @Test func `a command that is not there was not run`() async throws {
        let receiver = try lab.receiver(
            .exec, at: "unused", further: ["command": .list([lab.directory.path(of: "gone")])])
        let verdict = try await lab.send(try receiver.composer.testMessage(at: ReceiverLab.now), to: receiver)
        #expect(verdict.outcome == .notSent, "\(verdict)")
    }

    @Test func `every message is taken, however hostile`() async throws {
        let receiver = try receiver("cat > /dev/null")
        for message in try ReceiverLab.messages(to: receiver) {
            #expect(try await lab.send(message, to: receiver).outcome == .delivered)
        }
    }
}
