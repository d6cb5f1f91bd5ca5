import Foundation
import SpawnBinding
import Synchronization

/// A server process that lives no longer than this object, nor than the test process, however that ends.
package final class ChildProcess: Sendable {
    private let process: SpawnedProcess
    private let lifeline: FileHandle
    private let output: Mutex<FileHandle>

    /// Starts `tool` with its output piped to us.
    ///
    /// A shell stands between: it kills the server when its standard input ends, which also happens when the test process
    /// is killed. (`PR_SET_PDEATHSIG` would follow the thread that happened to start the process.)
    package init(_ tool: RequiredTool, _ arguments: [String]) throws {
        let supervisor = #""$0" "$@" </dev/null & child=$!; read -r end; kill -9 $child"#
        let lifeline = Pipe()
        let output = Pipe()
        // Another child must not hold this one's lifeline.
        _ = fcntl(lifeline.fileHandleForWriting.fileDescriptor, F_SETFD, FD_CLOEXEC)
        let writing = SpawnedProcess.Stream.descriptor(output.fileHandleForWriting.fileDescriptor)
        process = try SpawnedProcess(
            ["/bin/sh", "-c", supervisor, tool.path] + arguments,
            input: .descriptor(lifeline.fileHandleForReading.fileDescriptor), output: writing, errors: writing)
        // Ours must be closed, or the end of the child's output is never seen.
        try output.fileHandleForWriting.close()
        try lifeline.fileHandleForReading.close()
        self.lifeline = lifeline.fileHandleForWriting
        self.output = Mutex(output.fileHandleForReading)
    }

    deinit {
        // A lifeline that cannot be closed is closed already.
        try? lifeline.close()
        process.wait()
    }

    /// The first line of output that `isWanted`; earlier lines are dropped.
    ///
    /// - Throws: `ServerNotReady` with all output when it ends before.
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

/// A server that a test needs did not come up.
package struct ServerNotReady: Error, CustomStringConvertible {
    package let description: String
}
