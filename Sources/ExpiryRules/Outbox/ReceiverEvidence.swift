import Certificates

/// What the outcome of one attempt says about its receiver.
package enum ReceiverEvidence: Hashable, Sendable {
    /// The receiver dealt with the message: took it, or refused it for what it is.
    case answered
    /// This message failed: a server error, a lost answer, a time-out after the message left. It says little about other
    /// messages.
    case messageFailed
    /// There was no connection: refused, not resolved, or ended by its TLS handshake.
    case unreachable
    /// The receiver asks for a pause: HTTP 429, `Retry-After`, SMTP 421. Zero where it names no time.
    case busy(TimeSpan)
    /// Nothing: the attempt ended before the receiver was asked.
    case nothing
}
