import LedgerStorage

/// How many messages a lane leases in one transaction: one at first, so that a crash leaves one `unknown`; more while a
/// receiver accepts many in a row quickly, when two commits for each message would be most of the work.
package struct LeaseCount {
    /// The most messages that are leased together, and so the most of one receiver that a crash can leave `unknown`.
    package static let most = 32
    /// The quick acceptances in a row that are needed before more than one message is leased.
    private static let calm = 8
    /// An attempt that takes longer counts as slow.
    static let quickMilliseconds = 250

    private(set) var current = 1
    private var takenInRow = 0

    /// Adjusts the count to the results of attempts.
    mutating func note(_ settlements: some Sequence<Settlement>) {
        for settlement in settlements {
            guard settlement.isQuickAcceptance else {
                self = LeaseCount()
                return
            }
            takenInRow += 1
        }
        if takenInRow >= Self.calm { current = min(2 * current, Self.most) }
    }
}

extension Settlement {
    /// Whether the receiver accepted the message within `LeaseCount.quickMilliseconds`.
    var isQuickAcceptance: Bool {
        consequence == .delivered && milliseconds <= LeaseCount.quickMilliseconds
    }
}
