import Foundation
import Testing

/// Files with expected results. `RECORD=1` rewrites them.
enum Golden {
    private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")

    /// Expects that `text` is the content of the file with that name.
    static func compare(_ text: String, with name: String) throws {
        let file = fixtures.appending(path: name)
        if ProcessInfo.processInfo.environment["RECORD"] == "1" {
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(try text == String(contentsOf: file, encoding: .utf8))
    }
}
