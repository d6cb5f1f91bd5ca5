import Certificates
import Messages

/// A receiver whose alerts expire, so that each pass has to send the open notices again.
package protocol StandingReceiver: Receiver {
    /// Sends again the messages that were delivered and are still open.
    ///
    /// - Parameters:
    ///   - messages: the open messages.
    ///   - period: the time from one pass to the next.
    ///   - now: the time of the pass.
    ///   - sender: sends the requests.
    /// - Returns: the first failure, or an acceptance.
    /// - Throws: `SecretFileError` or a similar error when a required file cannot be used.
    func repeatStanding(
        _ messages: [Message], period: TimeSpan, at now: Instant, through sender: HTTPSender
    ) async throws -> AttemptResult
}
