import Foundation
import SpawnBinding
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

    private let process: SpawnedProcess
    private let ended: AsyncStream<Int32>
    private let files: TemporaryDirectory

    /// Starts it with `environment` alone, in a directory of its own unless there is a `directory`. A `wrapper` is a
    /// command that runs the command that follows it, such as `strace -f`.
    package init(
        _ arguments: [String], environment: [String: String] = [:], directory: String? = nil,
        standardInput: [UInt8] = [], wrapper: [String] = []
    ) throws {
        let files = try TemporaryDirectory()
        let workingDirectory = try directory ?? files.makeDirectory("empty")
        let command = wrapper + [Self.executable] + arguments
        let process = try SpawnedProcess(
            command,
            environment: ["PATH": "/usr/bin:/bin", "SWIFT_BACKTRACE": "enable=no"].merging(environment) { $1 },
            directory: workingDirectory, input: .file(try files.write(standardInput, to: "input")),
            output: .file(files.path(of: "output")), errors: .file(files.path(of: "errors")))
        let (ended, end) = AsyncStream.makeStream(of: Int32.self)
        Thread.detachNewThread {
            end.yield(process.wait())
            end.finish()
        }
        self.process = process
        self.ended = ended
        self.files = files
    }

    deinit {
        process.signal(SIGKILL)
    }

    /// Runs it to its end, beside no more than a few others, so that a deadline means something however many tests there
    /// are.
    ///
    /// - Throws: `ProcessHangs` when it does not end by itself.
    package static func run(
        _ arguments: [String], environment: [String: String] = [:], directory: String? = nil,
        standardInput: [UInt8] = [], wrapper: [String] = []
    ) async throws -> Outcome {
        await ProcessSlots.shared.take()
        defer { ProcessSlots.shared.giveBack() }
        let process = try NotafterProcess(
            arguments, environment: environment, directory: directory, standardInput: standardInput, wrapper: wrapper)
        return try await process.outcome()
    }

    /// Sends a signal, such as `SIGTERM`.
    package func signal(_ number: Int32) {
        process.signal(number)
    }

    package var isRunning: Bool { process.isRunning }

    /// What it has printed to stderr so far.
    package var errors: String { text(of: "errors") }

    /// Waits for its end, which only one task may do.
    ///
    /// - Throws: `ProcessHangs` after killing it, when that takes more than three minutes.
    package func outcome() async throws -> Outcome {
        let status = try await withThrowingTaskGroup(of: Int32?.self) { group in
            group.addTask { [ended] in await ended.first { _ in true } }
            group.addTask {
                try await Task.sleep(for: .seconds(180))
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

/// How many commands run at once.
private final class ProcessSlots: Sendable {
    static let shared = ProcessSlots(8)

    private let state: Mutex<(free: Int, waiting: [CheckedContinuation<Void, Never>])>

    private init(_ count: Int) {
        state = Mutex((count, []))
    }

    func take() async {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                guard state.free > 0 else {
                    state.waiting.append(continuation)
                    return false
                }
                state.free -= 1
                return true
            }
            if isFree { continuation.resume() }
        }
    }

    func giveBack() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
            state.free += 1
            return nil
        }
        next?.resume()
    }
}

/// The command does not end.
package struct ProcessHangs: Error, CustomStringConvertible {
    package let description: String
}

/// Waits for a condition that another process brings about.
///
/// - Throws: `ConditionNotMet` after two minutes.
package func waitUntil(_ what: String, _ condition: @Sendable () async throws -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(120)
    while try await !condition() {
        guard ContinuousClock.now < deadline else { throw ConditionNotMet(description: "not in time: \(what)") }
        try await Task.sleep(for: .milliseconds(10))
    }
}

/// What a test waits for does not come.
package struct ConditionNotMet: Error, CustomStringConvertible {
    package let description: String
}
