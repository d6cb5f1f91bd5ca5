import CurlBinding
import Synchronization

/// Counts the transfers that a loop performs.
final class CountingTransfers: TransferPerforming {
    private struct Counts {
        var begun = 0
        var finished = 0
    }

    private let transfers: any TransferPerforming
    private let limit: Int
    private let counts = Mutex(Counts())

    /// Transfers beyond `limit` last until they are cancelled.
    init(_ transfers: any TransferPerforming, holdsAfter limit: Int = .max) {
        self.transfers = transfers
        self.limit = limit
    }

    var begun: Int { counts.withLock { $0.begun } }
    var finished: Int { counts.withLock { $0.finished } }

    func perform(_ transfer: Transfer) async -> TransferResult {
        let number = counts.withLock { counts in
            counts.begun += 1
            return counts.begun
        }
        var result = TransferResult(code: .cancelled)
        if number <= limit {
            result = await transfers.perform(transfer)
        } else {
            // A stream without elements ends when the task is cancelled.
            let (stream, end) = AsyncStream.makeStream(of: Never.self)
            for await _ in stream {}
            end.finish()
        }
        counts.withLock { $0.finished += 1 }
        return result
    }
}
