import Dispatch
import Foundation
import Monitor

/// Shows the progress of a command in the last line of a terminal, on stderr, once it takes more than a second.
enum ProgressDisplay {
    case off
    case on

    /// Off where stderr is no terminal that can erase a line. Off as well where stdout is a pipe, since its reader may
    /// draw on the same terminal.
    init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        let canErase = isatty(STDERR_FILENO) == 1 && environment["TERM"] != "dumb"
        self = canErase && !Self.isPipe(STDOUT_FILENO) ? .on : .off
    }

    /// Shows the work as it goes on, and erases the line when it ends.
    func during<Result>(_ work: (WorkProgress) async throws -> Result) async rethrows -> Result {
        let progress = WorkProgress()
        switch self {
        case .off: return try await work(progress)
        case .on:
            let painter = ProgressPainter(of: progress)
            defer { painter.stop() }
            return try await work(progress)
        }
    }

    private static func isPipe(_ descriptor: Int32) -> Bool {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return false }
        return [S_IFIFO, S_IFSOCK].contains(status.st_mode & S_IFMT)
    }
}

/// Repaints a progress line several times a second, on a thread of its own, since the work may take all others.
private final class ProgressPainter: Sendable {
    private static let period = DispatchTimeInterval.milliseconds(200)

    private let stopping = DispatchSemaphore(value: 0)
    private let stopped = DispatchSemaphore(value: 0)

    init(of progress: WorkProgress) {
        Thread.detachNewThread { [stopping, stopped] in
            let start = ContinuousClock.now
            var line = ProgressLine()
            while stopping.wait(timeout: .now() + Self.period) == .timedOut {
                let text = line.text(of: progress.snapshot, after: ContinuousClock.now - start)
                if let text { StandardError.showProgress("notafter: \(text)") }
            }
            StandardError.eraseProgress()
            stopped.signal()
        }
    }

    /// After it nothing is painted.
    func stop() {
        stopping.signal()
        stopped.wait()
    }
}
