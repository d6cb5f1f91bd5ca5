import Configuration
import Foundation
import Testing

/// Pairs of a wrong configuration and its expected errors: `Fixtures/<name>.yaml` and `.expected`.
@Suite struct GoldenTests {
    private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")

    static let names: [String] = {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: fixtures.path)) ?? []
        return files.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
    }()

    @Test func `there are fixtures`() {
        #expect(Self.names.count > 15)
    }

    @Test(arguments: names)
    func `what is wrong is said with its place, all of it in one go`(name: String) throws {
        let path = Self.fixtures.appending(path: name + ".yaml").path
        let error = try #require(throws: ConfigurationError.self) { try SettingsFile.load(path: path) }
        let said = error.description.replacing(path, with: name + ".yaml") + "\n"
        let expected = Self.fixtures.appending(path: name + ".expected")
        if ProcessInfo.processInfo.environment["RECORD"] == "1" {
            try said.write(to: expected, atomically: true, encoding: .utf8)
        }
        #expect(try said == String(contentsOf: expected, encoding: .utf8))
    }

    @Test(arguments: names)
    func `no problem quotes a secret or a control character`(name: String) throws {
        let path = Self.fixtures.appending(path: name + ".yaml").path
        let error = try #require(throws: ConfigurationError.self) { try SettingsFile.load(path: path) }
        for problem in error.problems {
            #expect(!problem.message.contains("hunter2") && !problem.message.contains("aHVudGVyMg"))
            #expect(!problem.path.contains("hunter2") && !problem.path.contains("aHVudGVyMg"))
            #expect(!problem.description.unicodeScalars.contains { $0.properties.generalCategory == .control })
        }
    }
}
