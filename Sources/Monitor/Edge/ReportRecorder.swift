import Certificates
import EdgeLogs
import ExpiryRules
import Foundation
import LedgerStorage

/// Takes what an edge reports over HTTP: objects with the names that `observe` reads.
package struct ReportRecorder: Sendable {
    private let ledger: Ledger
    private let time: any TimeSource

    /// - Parameters:
    ///   - ledger: takes what is reported.
    ///   - time: the clock.
    package init(ledger: Ledger, time: any TimeSource) {
        self.ledger = ledger
        self.time = time
    }

    /// Records the objects of a body.
    ///
    /// - Parameters:
    ///   - body: an object, an array of objects, or an object in each line.
    ///   - edge: the name of the edge.
    ///   - plan: the registrations and routes, with that of observed certificates.
    /// - Returns: what was read and recorded.
    /// - Throws: `LedgerError`.
    package func take(_ body: [UInt8], from edge: String, plan: WatchPlan) async throws -> LogObserver.Progress {
        let now = time.now
        let (uses, tally) = try Self.read(body, at: now)
        var progress = LogObserver.Progress()
        progress.tally = tally
        progress.outcome = try await ledger.record(uses, by: edge, plan: plan, at: now)
        return progress
    }

    private static func read(_ body: [UInt8], at now: Instant) throws -> (uses: [CertificateUse], tally: LineTally) {
        let collector = try UseCollector(.json)
        if let elements = try? JSONSerialization.jsonObject(with: Data(body)) {
            for element in elements as? [Any] ?? [elements] {
                // What is no object is counted as unreadable.
                let text =
                    (element as? [String: Any]).flatMap { try? JSONSerialization.data(withJSONObject: $0) }
                    ?? Data("-".utf8)
                collector.read(Array(text).span, at: now)
            }
        } else {
            var splitter = LineSplitter()
            collector.feed(body.span, through: &splitter, at: now)
            collector.finish(&splitter, at: now)
        }
        return (collector.take(), collector.tally)
    }
}
