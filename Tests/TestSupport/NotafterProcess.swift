import Foundation
import SpawnBinding
import Synchronization

/// The built command as a running process, as a person, cron or systemd starts it.
///
/// Its output goes to files, so that neither side blocks on the other.
package final class NotafterProcess: Sendable {
    /// The result of a finished process.
    package struct Outcome: Sendable {
        /// The exit status; 128 plus the number of the signal when a signal ended the process, as in shells.
        package let status: Int32
        package let output: String
        package let errors: String
    }

    /// `notafter`, which is built in the same directory as the tests.
    package static let executable = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appending(path: "notafter").path

    private let process: SpawnedProcess
    private let ended: AsyncStream<Int32>
    private let files: TemporaryDirectory

    /// Starts it with only the given `environment`, in `directory` or an empty directory of its own. `wrapper` is a
    /// command that runs the command in its arguments, such as `strace -f`.
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

    /// Runs it to its end. Only a few processes run concurrently, so that deadlines do not depend on the number of
    /// tests.
    ///
    /// - Throws: `ProcessHangs` when it does not end in time.
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

    /// Its standard error so far.
    package var errors: String { text(of: "errors") }

    /// Waits for its end. Only one task may do so.
    ///
    /// - Throws: `ProcessHangs` after three minutes, when it is killed.
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
        // An unreadable file counts as empty, and the test fails on that.
        String(decoding: (try? Data(contentsOf: URL(fileURLWithPath: files.path(of: file)))) ?? Data(), as: UTF8.self)
    }
}

/// Limits the number of concurrent commands.
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

/// Waits for a condition that another process causes.
///
/// - Throws: `ConditionNotMet` after two minutes.
package func waitUntil(_ what: String, _ condition: @Sendable () async throws -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(120)
    while try await !condition() {
        guard ContinuousClock.now < deadline else { throw ConditionNotMet(description: "not in time: \(what)") }
        try await Task.sleep(for: .milliseconds(10))
    }
}

/// The condition of a waiting test was not met in time.
package struct ConditionNotMet: Error, CustomStringConvertible {
    package let description: String
}
