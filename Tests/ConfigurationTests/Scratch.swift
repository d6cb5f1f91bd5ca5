import Certificates
import Configuration
import Foundation

/// A directory for one test, which is removed with this object.
final class Scratch {
    let path: String

    init() throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "notafter-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        path = directory.path
    }

    deinit {
        // A failure cannot be handled here, and no test depends on it.
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Writes `bytes` to `name`.
    func write(_ bytes: some Sequence<UInt8>, to name: String) throws {
        try Data(bytes).write(to: URL(filePath: path + "/" + name))
    }

    /// The settings of a file `notafter.yaml` with `text`.
    func load(_ text: String) throws -> Settings {
        try load(Array(text.utf8))
    }

    /// The settings of a file `notafter.yaml` with `bytes`.
    func load(_ bytes: [UInt8]) throws -> Settings {
        try write(bytes, to: "notafter.yaml")
        return try SettingsFile.load(path: path + "/notafter.yaml")
    }

    /// The problems of `bytes`, without the file's name.
    func problems(of bytes: [UInt8]) throws -> [String] {
        do {
            _ = try load(bytes)
            return []
        } catch let error as ConfigurationError {
            return error.problems.map { $0.description.replacing(path + "/notafter.yaml:", with: "") }
        }
    }
}

extension Scratch {
    /// The problems of the files that `settings` name, one in each line, without the configuration's name.
    func fileFindings(_ settings: Settings, at now: Instant = Instant(seconds: 1_800_000_000)) -> [String] {
        // Permissions are excluded, since all files of a test are open.
        settings.fileFindings(at: now).filter { $0.kind != .exposed }.map { finding in
            "\(finding.kind) \(finding.problem.description.replacing(path + "/notafter.yaml:", with: ""))"
        }
    }
}

/// The root of the repository, where its examples and documents are.
let repository = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
