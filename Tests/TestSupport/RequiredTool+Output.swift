import Foundation

extension RequiredTool {
    /// What a tool left when it ended.
    package struct Outcome: Sendable {
        package let status: Int32
        package let output: [UInt8]
    }

    /// Runs it to its end and takes what it writes to standard output; an error status is an answer too.
    package func outcome(_ arguments: [String]) throws -> Outcome {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return Outcome(status: process.terminationStatus, output: Array(output))
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
