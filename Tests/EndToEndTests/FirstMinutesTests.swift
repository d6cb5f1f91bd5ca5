import Foundation
import TestSupport
import Testing

/// The first five minutes, as the READMEs show them, are what the command prints. `RECORD=1` rewrites them.
struct FirstMinutesTests {
    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    private static let beginning = "<!-- Written by scripts/first-minutes.sh; a test compares. -->\n\n```console\n"

    @Test func `a newcomer gets from certificates to a message by what the READMEs show`() async throws {
        let script = Self.root.appending(path: "scripts/first-minutes.sh").path
        // The wrapper runs the built command's path as its argument.
        let outcome = try await NotafterProcess.run([], wrapper: ["/bin/bash", script])
        #expect(outcome.status == 0, "\(outcome.errors)")
        for page in ["README.md", "README.ja.md"] {
            let file = Self.root.appending(path: page)
            let text = try String(contentsOf: file, encoding: .utf8)
            let start = try #require(text.range(of: Self.beginning)).upperBound
            let end = try #require(text[start...].range(of: "```\n")).lowerBound
            if ProcessInfo.processInfo.environment["RECORD"] == "1" {
                let recorded = text[..<start] + outcome.output + text[end...]
                try recorded.write(to: file, atomically: true, encoding: .utf8)
            } else {
                #expect(outcome.output == text[start..<end])
            }
        }
    }
}
