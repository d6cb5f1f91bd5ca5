import Foundation
import SpawnBinding
import Synchronization

/// A server process that ends with this object, and with the test process in any case.
package final class ChildProcess: Sendable {
    private let process: SpawnedProcess
    private let lifeline: FileHandle
    private let output: Mutex<FileHandle>

    /// Starts `tool` with its output in a pipe.
    ///
    /// A shell supervises the server and kills it when its own standard input ends, which also happens when the test
    /// process is killed. (`PR_SET_PDEATHSIG` would depend on the thread that started the process.)
    package init(_ tool: RequiredTool, _ arguments: [String]) throws {
        let supervisor = #""$0" "$@" </dev/null & child=$!; read -r end; kill -9 $child"#
        let lifeline = Pipe()
        let output = Pipe()
        // Other children must not inherit this lifeline.
        _ = fcntl(lifeline.fileHandleForWriting.fileDescriptor, F_SETFD, FD_CLOEXEC)
        let writing = SpawnedProcess.Stream.descriptor(output.fileHandleForWriting.fileDescriptor)
        process = try SpawnedProcess(
            ["/bin/sh", "-c", supervisor, tool.path] + arguments,
            input: .descriptor(lifeline.fileHandleForReading.fileDescriptor), output: writing, errors: writing)
        // The parent's copy must be closed, otherwise the end of the output is never seen.
        try output.fileHandleForWriting.close()
        try lifeline.fileHandleForReading.close()
        self.lifeline = lifeline.fileHandleForWriting
        self.output = Mutex(output.fileHandleForReading)
    }

    deinit {
        // Closing can only fail if it is closed already.
        try? lifeline.close()
        process.wait()
    }

    /// Returns the first line of output that matches `isWanted`, and drops earlier lines.
    ///
    /// - Throws: `ServerNotReady` with all output, when the output ends first.
    package func line(where isWanted: @Sendable (String) -> Bool) throws -> String {
        try output.withLock { handle in
            var seen = ""
            var line = ""
            while let byte = try handle.read(upToCount: 1), let value = byte.first {
                guard value == UInt8(ascii: "\n") else {
                    line.unicodeScalars.append(Unicode.Scalar(value))
                    continue
                }
                if isWanted(line) { return line }
                seen += line + "\n"
                line = ""
            }
            throw ServerNotReady(description: "the server ended: \(seen)\(line)")
        }
    }
}

/// A server that a test needs did not start.
package struct ServerNotReady: Error, CustomStringConvertible {
    package let description: String
}
