import Foundation
import Testing

/// Files that hold what is expected; `RECORD=1` writes them anew.
enum Golden {
    private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")

    /// Expects that `text` is what the file of that name holds.
    static func compare(_ text: String, with name: String) throws {
        let file = fixtures.appending(path: name)
        if ProcessInfo.processInfo.environment["RECORD"] == "1" {
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(try text == String(contentsOf: file, encoding: .utf8))
    }
}
