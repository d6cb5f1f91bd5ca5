import Foundation
import TestSupport
import Testing

/// The files of `deploy/`, checked by systemd's own tools without a running system.
@Suite struct DeploymentTests {
    private static let units = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "deploy/systemd")

    @Test(arguments: ["notafter.service", "notafter-scan.service"])
    func `a service's exposure is at most 1.5`(name: String) throws {
        // The threshold is in tenths. The command fails above it.
        let unit = Self.units.appending(path: name).path
        let result = try Self.systemdAnalyze("security", "--offline=true", "--no-pager", "--threshold=15", unit)
        #expect(result.status == 0, "\(result.output)")
        #expect(result.output.contains("Overall exposure level for \(name)"))
    }

    @Test func `systemd understands every line of the units`() throws {
        let scratch = FileManager.default.temporaryDirectory.appending(path: "notafter-units-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        // A failure cannot be handled here.
        defer { try? FileManager.default.removeItem(at: scratch) }
        var copies: [String] = []
        for name in ["notafter.service", "notafter-scan.service", "notafter-scan.timer"] {
            // A command that is not installed would be an error.
            let text = try Self.text(name).replacing("/usr/bin/notafter", with: "/bin/true")
            let copy = scratch.appending(path: name)
            try text.write(to: copy, atomically: true, encoding: .utf8)
            copies.append(copy.path)
        }
        let result = try Self.systemdAnalyze(["verify", "--man=no"] + copies)
        #expect(result.status == 0 && result.output.isEmpty, "\(result.output)")
    }

    @Test func `both services are confined alike`() throws {
        let confinement = try ["notafter.service", "notafter-scan.service"].map { name in
            let text = try Self.text(name)
            let start = try #require(text.range(of: "User=notafter"))
            return text[start.lowerBound...].components(separatedBy: "\n[Install]")[0]
                .trimmingCharacters(in: .newlines)
        }
        #expect(confinement[0] == confinement[1])
    }

    private static func text(_ name: String) throws -> String {
        try String(contentsOf: units.appending(path: name), encoding: .utf8)
    }

    private static func systemdAnalyze(_ arguments: String...) throws -> (status: Int32, output: String) {
        try systemdAnalyze(arguments)
    }

    private static func systemdAnalyze(_ arguments: [String]) throws -> (status: Int32, output: String) {
        let outcome = try RequiredTool("systemd-analyze").outcome(arguments, errors: .descriptor(STDOUT_FILENO))
        return (outcome.status, String(decoding: outcome.output, as: UTF8.self))
    }
}
