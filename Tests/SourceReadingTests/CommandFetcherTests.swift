import Certificates
import SourceReading
import Foundation
import TestSupport
import Testing

struct CommandFetcherTests {
    private func fetch(_ command: String..., timeout: TimeSpan = .hours(1)) async -> Fetched {
        await CommandFetcher().fetch(CommandSource(registration: "vault", command: command, timeout: timeout))
    }

    private func reason(_ fetched: Fetched) -> Defect.Reason? {
        guard case .failed(let defect) = fetched else { return nil }
        return defect.reason
    }

    @Test func `what a command prints is taken as it is, and no shell reads its arguments`() async {
        let fetched = await fetch("printf", "%s", "$HOME; `id` \"quoted\"")
        #expect(fetched == .content(Array("$HOME; `id` \"quoted\"".utf8), validator: nil))
    }

    @Test func `a command that fails says so in its own first words`() async {
        let fetched = await fetch("sh", "-c", "echo 'permission denied' >&2; exit 2")
        guard case .failed(let defect) = fetched else {
            Issue.record("\(fetched)")
            return
        }
        #expect(defect.message.contains("permission denied"))
    }

    @Test func `a command that is not there is a defect`() async {
        #expect(reason(await fetch("/no/such/program")) == .readFailed)
    }

    @Test func `a command that does not end is killed with all that it has started`() async throws {
        let directory = try TemporaryDirectory()
        let survivor = directory.path(of: "survivor")
        // The grandchild would write the file if it outlived its parent. It keeps the pipe open meanwhile.
        let fetched = await fetch(
            "sh", "-c", "(sleep 600; touch \(survivor)) & sleep 600", timeout: TimeSpan(seconds: 1))
        #expect(reason(fetched) == .readFailed)
        // The whole group has got a signal by now. The kernel may take a moment to end its processes.
        try await waitUntil("what the command has started ends with it") {
            try Self.processes(naming: survivor).isEmpty
        }
    }

    /// The ids of the processes. A zombie has no command line.
    private static func processes(naming text: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { process in
            // A process may end during the search.
            guard let line = try? Data(contentsOf: URL(fileURLWithPath: "/proc/\(process)/cmdline")) else {
                return false
            }
            return String(decoding: line, as: UTF8.self).contains(text)
        }
    }

    @Test func `endless output is cut off`() async {
        #expect(reason(await fetch("yes")) == .readFailed)
    }
}
