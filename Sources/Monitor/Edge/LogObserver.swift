import Certificates
import Delivery
import EdgeLogs
import ExpiryRules
import Foundation
import LedgerStorage

/// Reads what an edge logs about client certificates, and records it in the ledger.
package struct LogObserver: Sendable {
    /// Where the lines come from.
    package enum Input: Hashable, Sendable {
        /// A file. How far it was read is stored with what it reports, so that no line is lost or read twice.
        case log(path: String)
        /// An open file, such as standard input, which is read to its end.
        case stream(descriptor: Int32, name: String)
    }

    /// When to end.
    package enum Extent: Hashable, Sendable {
        case toEnd
        /// Never: the log grows, and is rotated.
        case following
    }

    /// What was read and recorded so far.
    package struct Progress: Sendable {
        package internal(set) var tally = LineTally()
        package internal(set) var outcome = UseOutcome()
        /// Why the log cannot be read at present; nil when it can.
        package internal(set) var failure: LogFailure?
    }

    private static let pauseAtEnd = TimeSpan(seconds: 1)

    private let ledger: Ledger
    private let plan: WatchPlan
    private let edge: String
    private let time: any TimeSource
    private let pause: @Sendable (TimeSpan) async -> Void

    /// - Parameters:
    ///   - ledger: takes what is reported.
    ///   - plan: the registrations and routes, with that of observed certificates.
    ///   - edge: the name of the edge.
    ///   - time: the clock.
    ///   - pause: waits between two looks at a log that has not grown.
    package init(
        ledger: Ledger, plan: WatchPlan, edge: String, time: any TimeSource,
        pause: @escaping @Sendable (TimeSpan) async -> Void = Pause.wait
    ) {
        self.ledger = ledger
        self.plan = plan
        self.edge = edge
        self.time = time
        self.pause = pause
    }

    /// Reads and records.
    ///
    /// - Parameters:
    ///   - input: the lines.
    ///   - format: their format.
    ///   - extent: when to end.
    ///   - report: called after each step with what was read so far.
    /// - Returns: what was read and recorded.
    /// - Throws: `LogFailure` when the input cannot be read; a log that is followed is tried again instead. `LedgerError`.
    package func observe(
        _ input: Input, as format: ReportFormat, _ extent: Extent,
        report: @Sendable (Progress) -> Void = { _ in }
    ) async throws -> Progress {
        let log: FilePath?
        switch input {
        case .log(let path): log = FilePath(path)
        case .stream: log = nil
        }
        var stored: LogPosition?
        if let log { stored = try await ledger.position(inLog: log) }
        let session = LogSession(input, format: try UseCollector(format), after: stored, extent)
        var progress = Progress()
        while !Task.isCancelled {
            let look: LogSession.Look
            do {
                look = try await session.look(at: time.now)
                progress.failure = nil
            } catch let failure as LogFailure where extent == .following {
                progress.failure = failure
                report(progress)
                await pause(Self.pauseAtEnd)
                continue
            }
            if !look.uses.isEmpty || look.position != stored {
                let reading = log.flatMap { log in look.position.map { (log: log, to: $0) } }
                progress.outcome.add(
                    try await ledger.record(look.uses, by: edge, reading: reading, plan: plan, at: time.now))
                stored = look.position
            }
            progress.tally = look.tally
            report(progress)
            guard look.progress == .atEnd else { continue }
            guard extent == .following, log != nil else { break }
            await pause(Self.pauseAtEnd)
        }
        return progress
    }
}

/// The reader of one input with its collector, on a thread of its own.
private final class LogSession: @unchecked Sendable {  // because only its serial queue touches reader and collector
    /// What one look found.
    struct Look: Sendable {
        let uses: [CertificateUse]
        let position: LogPosition?
        let progress: LogReader.Progress
        let tally: LineTally
    }

    private enum Reader {
        case log(LogReader)
        case stream(StreamReader)
    }

    private let queue = DispatchQueue(label: "notafter.edge-log")
    private let reader: Reader
    private let collector: UseCollector
    private let lastLine: LogReader.LastLine

    init(_ input: LogObserver.Input, format: UseCollector, after position: LogPosition?, _ extent: LogObserver.Extent) {
        collector = format
        lastLine = extent == .following ? .wait : .read
        reader =
            switch input {
            case .log(let path): .log(LogReader(path, after: position))
            case .stream(let descriptor, let name): .stream(StreamReader(descriptor: descriptor, name: name))
            }
    }

    func look(at now: Instant) async throws -> Look {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try self.lookNow(at: now) }) }
        }
    }

    private func lookNow(at now: Instant) throws -> Look {
        let progress: LogReader.Progress
        let position: LogPosition?
        switch reader {
        case .log(let reader):
            progress = try reader.read(into: collector, lastLine: lastLine, at: now)
            position = reader.position
        case .stream(let reader):
            progress = try reader.read(into: collector, at: now)
            position = nil
        }
        return Look(uses: collector.take(), position: position, progress: progress, tally: collector.tally)
    }
}
