import Foundation
import Synchronization

/// The built command, running: what a person, cron or systemd starts.
///
/// What it prints goes to files, so that neither side ever waits for the other to read.
package final class NotafterProcess: Sendable {
    /// What it left behind.
    package struct Outcome: Sendable {
        /// The exit status; for a process that a signal ended, 128 and its number, as shells have it.
        package let status: Int32
        package let output: String
        package let errors: String
    }

    /// `notafter`, which is built beside the tests.
    package static let executable = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appending(path: "notafter").path

    private let process: Mutex<Process>
    private let ended: AsyncStream<Int32>
    private let files: TemporaryDirectory

    /// Starts it.
    ///
    /// - Parameters:
    ///   - environment: all that it has; not ours.
    ///   - wrapper: a command that runs the command that follows it, such as `strace -f`.
    ///   - directory: its working directory; one of its own by default.
    package init(
        _ arguments: [String], environment: [String: String] = [:], directory: String? = nil,
        standardInput: [UInt8] = [], wrapper: [String] = []
    ) throws {
        let files = try TemporaryDirectory()
        let workingDirectory = try directory ?? files.makeDirectory("empty")
        let command = wrapper + [Self.executable] + arguments
        let process = Process()
        process.executableURL = URL(fileURLWithPath: command[0])
        process.arguments = Array(command.dropFirst())
        process.environment = ["PATH": "/usr/bin:/bin", "SWIFT_BACKTRACE": "enable=no"].merging(environment) { $1 }
        process.currentDirectoryURL = URL(fileURLWithPath: workingDirectory)
        process.standardInput = try FileHandle(
            forReadingFrom: URL(fileURLWithPath: files.write(standardInput, to: "input")))
        process.standardOutput = try FileHandle(
            forWritingTo: URL(fileURLWithPath: files.write([], to: "output")))
        process.standardError = try FileHandle(
            forWritingTo: URL(fileURLWithPath: files.write([], to: "errors")))
        let (ended, end) = AsyncStream.makeStream(of: Int32.self)
        process.terminationHandler = { process in
            let isKilled = process.terminationReason == .uncaughtSignal
            end.yield(isKilled ? 128 + process.terminationStatus : process.terminationStatus)
            end.finish()
        }
        try process.run()
        self.process = Mutex(process)
        self.ended = ended
        self.files = files
    }

    deinit {
        process.withLock { if $0.isRunning { kill($0.processIdentifier, SIGKILL) } }
    }

    /// Runs it to its end.
    ///
    /// - Throws: `ProcessHangs` when it does not end by itself.
    package static func run(
        _ arguments: [String], environment: [String: String] = [:], directory: String? = nil,
        standardInput: [UInt8] = [], wrapper: [String] = []
    ) async throws -> Outcome {
        let process = try NotafterProcess(
            arguments, environment: environment, directory: directory, standardInput: standardInput, wrapper: wrapper)
        return try await process.outcome()
    }

    /// Sends a signal, such as `SIGTERM`.
    package func signal(_ number: Int32) {
        process.withLock { if $0.isRunning { kill($0.processIdentifier, number) } }
    }

    /// What it has printed to stderr so far.
    package var errors: String { text(of: "errors") }

    /// Waits for its end, which only one task may do.
    ///
    /// - Throws: `ProcessHangs` after killing it, when that takes more than a minute.
    package func outcome() async throws -> Outcome {
        let status = try await withThrowingTaskGroup(of: Int32?.self) { group in
            group.addTask { [ended] in await ended.first { _ in true } }
            group.addTask {
                try await Task.sleep(for: .seconds(60))
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
        guard let status else {
            signal(SIGKILL)
            throw ProcessHangs(description: "it does not end: \(text(of: "output"))\(errors)")
        }
        return Outcome(status: status, output: text(of: "output"), errors: errors)
    }

    private func text(of file: String) -> String {
        // A file of ours that cannot be read is an empty one, and the test fails on that.
        String(decoding: (try? Data(contentsOf: URL(fileURLWithPath: files.path(of: file)))) ?? Data(), as: UTF8.self)
    }
}

/// The command does not end.
package struct ProcessHangs: Error, CustomStringConvertible {
    package let description: String
}

/// Waits for a condition that another process brings about.
///
/// - Throws: `ConditionNotMet` after 30 seconds.
package func waitUntil(_ what: String, _ condition: @Sendable () async throws -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(30)
    while try await !condition() {
        guard ContinuousClock.now < deadline else { throw ConditionNotMet(description: "not in time: \(what)") }
        try await Task.sleep(for: .milliseconds(10))
    }
}

/// What a test waits for does not come.
package struct ConditionNotMet: Error, CustomStringConvertible {
    package let description: String
}
