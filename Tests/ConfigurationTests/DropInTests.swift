import Configuration
import Foundation
import Testing

/// `conf.d/*.yaml` beside the file.
@Suite struct DropInTests {
    private static let fixtures = URL(filePath: #filePath)
        .deletingLastPathComponent().appending(path: "Fixtures/DropIns")

    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        try FileManager.default.createDirectory(
            atPath: scratch.path + "/conf.d", withIntermediateDirectories: true)
    }

    private func add(_ text: String, as name: String) throws {
        try scratch.write(Array(text.utf8), to: "conf.d/" + name)
    }

    @Test func `lists grow in the order of the files' names, and paths begin at their own file`() throws {
        try add("certificates: [{ name: late, role: client, paths: [b.pem], issuer: ca }]", as: "20.yaml")
        try add("certificates: [{ name: early, role: client, paths: [a.pem, ../c.pem] }]", as: "10.yaml")
        let settings = try scratch.load("certificates: [{ name: ca, role: ca, paths: [ca.pem] }]")
        #expect(settings.registrations.map(\.name) == ["ca", "early", "late"])
        #expect(
            settings.sources.map(\.pattern.text)
                == [
                    "/ca.pem", "/conf.d/a.pem", "/conf.d/../c.pem", "/conf.d/b.pem",
                ].map { scratch.path + $0 })
    }

    @Test func `mappings are merged deeply, and each scalar may come from any file`() throws {
        try add("{ state: ledger.db, route: { receivers: [ops] } }", as: "a.yaml")
        try add("{ defaults: { thresholds: [7d] }, route: { receivers: [pager] }, endpoints: }", as: "b.yaml")
        try add(
            """
            receivers:
              - { name: ops, webhook: { url: "https://ops.example.com" } }
              - { name: pager, webhook: { url: "https://pager.example.com" } }
            """, as: "c.yaml")
        let settings = try scratch.load(
            "{ defaults: { thresholds: [60d] }, receivers: , endpoints: [{ name: a, url: 'https://a.example.com' }] }")
        #expect(settings.stateFile == scratch.path + "/conf.d/ledger.db")
        #expect(settings.route.receivers == ["ops", "pager"])
        #expect(settings.receivers.map(\.name) == ["ops", "pager"])
        #expect(settings.registrations.map { $0.thresholds.map(\.description) } == [["60d", "7d"]])
    }

    @Test func `other names, hidden files and comments alone add nothing`() throws {
        for name in ["a.yml", ".b.yaml", "c.yaml~", "d.yaml.disabled"] { try add("nonsense: [", as: name) }
        try add("# certificates: []", as: "e.yaml")
        let settings = try scratch.load("certificates: [{ name: ca, role: ca, paths: [ca.pem] }]")
        #expect(settings.registrations.map(\.name) == ["ca"])
        let file = scratch.path + "/notafter.yaml"
        #expect(try SettingsFile.files(of: file) == [file, scratch.path + "/conf.d/e.yaml"])
    }

    @Test func `a drop-in that is no file is a problem of its own`() throws {
        try FileManager.default.createDirectory(
            atPath: scratch.path + "/conf.d/a.yaml", withIntermediateDirectories: true)
        let error = try #require(throws: ConfigurationError.self) { try scratch.load("certificates: []") }
        #expect(error.description == scratch.path + "/conf.d/a.yaml:1:1: is a directory")
    }

    @Test(arguments: ["set-twice", "several-defects", "broken-syntax"])
    func `what is wrong is said with its file, all of it in one go`(name: String) throws {
        let directory = Self.fixtures.appending(path: name).path
        let error = try #require(throws: ConfigurationError.self) {
            try SettingsFile.load(path: directory + "/notafter.yaml")
        }
        let said = error.description.replacing(directory + "/", with: "") + "\n"
        let expected = Self.fixtures.appending(path: name + ".expected")
        if ProcessInfo.processInfo.environment["RECORD"] == "1" {
            try said.write(to: expected, atomically: true, encoding: .utf8)
        }
        #expect(try said == String(contentsOf: expected, encoding: .utf8))
    }
}
