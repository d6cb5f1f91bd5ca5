import Certificates

/// A receiver that forgets what it was told, and has to be told again at each pass for as long as it is true.
package protocol StandingReceiver: Receiver {
    /// Says again what was delivered and is still open.
    ///
    /// - Parameters:
    ///   - messages: what is open.
    ///   - period: from one pass to the next.
    ///   - now: the pass.
    ///   - sender: who carries it.
    /// - Returns: the first verdict that is no acceptance, or an acceptance.
    /// - Throws: `SecretFileError` and its kin when nothing could be sent for want of a file.
    func repeatStanding(
        _ messages: [Message], period: TimeSpan, at now: Instant, through sender: HTTPSender
    ) async throws -> AttemptResult
}
