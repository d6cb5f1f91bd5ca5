import Certificates
import ExpiryRules

/// Makes deliveries wait for the end of their receiver's quiet hours, inside one transaction.
///
/// A waiting delivery keeps its state and is due at the end. It is applied before each claim, so that no delivery is
/// sent in quiet hours, whatever made it due.
struct QuietKeeper {
    let session: any SQLSession
    let now: Instant

    /// Makes due deliveries for `receiver` wait for the end of `quiet`. Deliveries that wait for another end, because
    /// the configuration has changed, become due. With `quiet` nil no delivery waits.
    func apply(_ quiet: Quiet?, to receiver: String) throws {
        let rank = quiet.map { quiet in Int64(Severity.allCases.firstIndex(of: quiet.severity) ?? 0) } ?? -1
        let end = quiet?.end ?? now
        try session.deliveries.endQuiet(for: receiver, unlessUntil: end, rankedUpTo: rank, at: now)
        guard quiet != nil else { return }
        try session.deliveries.beginQuiet(for: receiver, until: end, rankedUpTo: rank, at: now)
    }
}
