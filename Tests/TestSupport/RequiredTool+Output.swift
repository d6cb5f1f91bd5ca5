import Foundation
import SpawnBinding

extension RequiredTool {
    /// What a tool left when it ended.
    package struct Outcome: Sendable {
        package let status: Int32
        package let output: [UInt8]
    }

    /// Runs it to its end and takes what it writes to standard output; an error status is an answer too.
    package func outcome(_ arguments: [String], errors: SpawnedProcess.Stream = .null) throws -> Outcome {
        let directory = try TemporaryDirectory()
        let file = directory.path(of: "output")
        let status = try SpawnedProcess([path] + arguments, output: .file(file), errors: errors).wait()
        // Not by `Data(contentsOf:)`, which loses 4 KiB with each empty file, and so troubles LeakSanitizer.
        let output = try FileHandle(forReadingFrom: URL(fileURLWithPath: file)).readToEnd()
        return Outcome(status: status, output: Array(output ?? Data()))
    }

    /// What it writes to standard output.
    ///
    /// - Throws: `ToolFailed` for any status but 0.
    package func output(_ arguments: [String]) throws -> [UInt8] {
        let outcome = try outcome(arguments)
        guard outcome.status == 0 else { throw ToolFailed(path: path, status: outcome.status) }
        return outcome.output
    }
}
