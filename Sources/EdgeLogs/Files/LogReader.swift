import Certificates
import LedgerStorage

/// Reads a log from where it was left, through its rotations. Its calls block; each object must be used by one thread at
/// a time.
package final class LogReader {
    /// What follows a read.
    package enum Progress: Hashable, Sendable {
        /// There may be more to read at once.
        case more
        /// All that was written so far was read.
        case atEnd
    }

    /// What to do with a last line that has no line end.
    package enum LastLine: Hashable, Sendable {
        /// It is still being written, and is read once it is complete.
        case wait
        case read
    }

    private static let chunkSize = 256 * 1_024
    /// So many chunks are read at most in one call, so that the position is stored from time to time.
    private static let chunksAtOnce = 64

    private let rotation: LogRotation
    private var segments: [LogRotation.Segment]
    private var log: OpenLog?
    private var splitter = LineSplitter()
    private var buffer = [UInt8](repeating: 0, count: LogReader.chunkSize)
    /// Whether the end of a rotated log was reached once. Its writer may still write to it until it opens the new one.
    private var hasSeenRotation = false
    /// How far the log was read; nil before the first read.
    package private(set) var position: LogPosition?

    /// - Parameters:
    ///   - path: the log.
    ///   - position: how far it was read before; nil to begin at its first line.
    package init(_ path: String, after position: LogPosition?) {
        self.position = position
        rotation = LogRotation(path: path)
        segments = rotation.segments(after: position)
    }

    /// Reads on until the end, or until `collector` is full.
    ///
    /// - Throws: `LogFailure` when a file cannot be read. The next call tries again.
    package func read(into collector: UseCollector, lastLine: LastLine, at now: Instant) throws(LogFailure) -> Progress
    {
        if let log, try !log.beginsAsBefore() { return reachEnd(of: log, collector, lastLine, at: now) }
        for _ in 0..<Self.chunksAtOnce {
            let log = try openLog()
            let count = try log.read(into: &buffer)
            guard count > 0 else { return reachEnd(of: log, collector, lastLine, at: now) }
            hasSeenRotation = false
            collector.feed(buffer.span.extracting(0..<count), through: &splitter, at: now)
            position = log.position(pending: splitter.pendingCount)
            if collector.isFull { return .more }
        }
        return .more
    }

    private func openLog() throws(LogFailure) -> OpenLog {
        if let log { return log }
        let segment = segments.first ?? LogRotation.Segment(path: rotation.path, offset: 0)
        let opened = try OpenLog(segment.path, from: segment.offset)
        if !segments.isEmpty { segments.removeFirst() }
        log = opened
        return opened
    }

    private func reachEnd(
        of log: OpenLog, _ collector: UseCollector, _ lastLine: LastLine, at now: Instant
    ) -> Progress {
        position = log.position(pending: splitter.pendingCount)
        if !segments.isEmpty {
            // Only the last of the rotated files may still be written.
            guard hasSeenRotation || lastLine == .read || segments.count > 1 else { return awaitWriter() }
            leave(log, collector, at: now)
            return .more
        }
        let next = rotation.segments(after: position)
        if next.count == 1, next[0].path == rotation.path, next[0].offset == position?.offset {
            if lastLine == .read {
                collector.finish(&splitter, at: now)
                position = log.position(pending: 0)
            }
            return .atEnd
        }
        guard hasSeenRotation || lastLine == .read else { return awaitWriter() }
        // The renamed file was read to its end; a copy of a truncated one may hold more than was read.
        segments = next.filter { $0.identity != log.identity }
        leave(log, collector, at: now)
        return .more
    }

    /// Leaves the writer of a rotated file the time until the next call to finish.
    private func awaitWriter() -> Progress {
        hasSeenRotation = true
        return .atEnd
    }

    /// Ends the reading of a rotated file.
    private func leave(_ log: OpenLog, _ collector: UseCollector, at now: Instant) {
        collector.finish(&splitter, at: now)
        position = log.position(pending: 0)
        self.log = nil
        hasSeenRotation = false
    }
}
