import Certificates
import ExpiryRules

/// Lets deliveries wait for the end of their receiver's quiet hours, inside one transaction.
///
/// A delivery that waits stays in its state and is due at the end. Applied before each claim, so that nothing leaves by any
/// path that made it due.
struct QuietKeeper {
    let session: any SQLSession
    let now: Instant

    /// Makes what is due for `receiver` wait for the end of `quiet`, and calls back what waits for an end that is none of its
    /// any more, because the configuration has changed. With `quiet` nil nothing waits.
    func apply(_ quiet: Quiet?, to receiver: String) throws {
        let rank = quiet.map { quiet in Int64(Severity.allCases.firstIndex(of: quiet.severity) ?? 0) } ?? -1
        let end = quiet?.end ?? now
        try session.deliveries.endQuiet(for: receiver, unlessUntil: end, rankedUpTo: rank, at: now)
        guard quiet != nil else { return }
        try session.deliveries.beginQuiet(for: receiver, until: end, rankedUpTo: rank, at: now)
    }
}
