import LedgerStorage

/// How many messages a lane leases in one transaction: one, so that a crash leaves one `unknown`; and more while a receiver takes
/// many, one after another and quickly, when two commits for each would be most of the work.
package struct LeaseCount {
    /// The most that are leased at once, and that a crash can leave `unknown` of one receiver.
    package static let most = 32
    /// So many are taken in a row before more than one is leased at once.
    private static let calm = 8
    /// What took longer than this is slow.
    static let quickMilliseconds = 250

    private(set) var current = 1
    private var takenInRow = 0

    /// Notes how attempts ended.
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
    /// Whether the receiver has the message, and said so at once.
    var isQuickAcceptance: Bool {
        consequence == .delivered && milliseconds <= LeaseCount.quickMilliseconds
    }
}
