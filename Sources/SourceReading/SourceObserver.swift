import Certificates
import CurlBinding
import ExpiryRules
import LedgerStorage

/// Observes sources of any kind, and records what is new, changed or gone in the ledger.
package struct SourceObserver: Sendable {
    /// The result of observing one source.
    package struct Observation: Sendable {
        /// The notices that were decided.
        package let noticeIDs: [Int64]
        /// The source if it is not finished yet, because nothing has changed.
        package let unfinished: FinishedSource?
    }

    let ledger: Ledger
    let plan: WatchPlan
    let time: any TimeSource
    /// The clock that stamps files, also in a rehearsal: whether a file may still be changing depends on it.
    let fileClock: @Sendable () -> Instant
    let urls: URLFetcher
    /// Is called with the number of files that were read since the last call.
    let noteFiles: @Sendable (Int) -> Void

    /// - Parameters:
    ///   - ledger: gets the observations.
    ///   - plan: the registrations.
    ///   - time: the time of the observations.
    ///   - fileClock: the clock that stamps files.
    ///   - transfers: performs the requests.
    ///   - noteFiles: is called with the number of files that were read since the last call.
    package init(
        ledger: Ledger, plan: WatchPlan, time: any TimeSource, fileClock: @escaping @Sendable () -> Instant,
        transfers: TransferLoop, noteFiles: @escaping @Sendable (Int) -> Void = { _ in }
    ) {
        self.ledger = ledger
        self.plan = plan
        self.time = time
        self.fileClock = fileClock
        self.noteFiles = noteFiles
        urls = URLFetcher(loop: transfers)
    }

    /// Observes one source. If another run records it meanwhile, that result wins, because this one may be older.
    ///
    /// - Returns: what was decided. A source without changes is not finished yet, so that many are finished in one
    ///   transaction.
    /// - Throws: `LedgerError`.
    package func observe(_ source: some Source) async throws -> Observation {
        let recorder = try await SourceRecorder(source.key, by: self)
        var unfinished: FinishedSource?
        do {
            unfinished = try await recorder.finish(try await source.observe(by: recorder))
        } catch is StaleObservation {}
        return Observation(noticeIDs: await recorder.noticeIDs, unfinished: unfinished)
    }
}
