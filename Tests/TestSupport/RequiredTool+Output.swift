import Foundation
import SpawnBinding

extension RequiredTool {
    /// The result of a finished tool.
    package struct Outcome: Sendable {
        package let status: Int32
        package let output: [UInt8]
    }

    /// Runs it to its end and returns its standard output. A non-zero status is a result as well.
    package func outcome(_ arguments: [String], errors: SpawnedProcess.Stream = .null) throws -> Outcome {
        let directory = try TemporaryDirectory()
        let file = directory.path(of: "output")
        let status = try SpawnedProcess([path] + arguments, output: .file(file), errors: errors).wait()
        // `Data(contentsOf:)` leaks 4 KiB for each empty file, which LeakSanitizer reports.
        let output = try FileHandle(forReadingFrom: URL(fileURLWithPath: file)).readToEnd()
        return Outcome(status: status, output: Array(output ?? Data()))
    }

    /// Its standard output.
    ///
    /// - Throws: `ToolFailed` for a non-zero status.
    package func output(_ arguments: [String]) throws -> [UInt8] {
        let outcome = try outcome(arguments)
        guard outcome.status == 0 else { throw ToolFailed(path: path, status: outcome.status) }
        return outcome.output
    }
}
