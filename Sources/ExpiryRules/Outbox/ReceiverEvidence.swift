import Certificates

/// The evidence of one attempt about its receiver.
package enum ReceiverEvidence: Hashable, Sendable {
    /// The receiver processed the message: it accepted it, or refused its content.
    case answered
    /// This message failed by a server error, a lost answer, or a time-out after it was sent. That says little about
    /// other messages.
    case messageFailed
    /// There was no connection: it was refused, its name was not resolved, or its TLS handshake failed.
    case unreachable
    /// The receiver asks for a pause: HTTP 429, `Retry-After`, SMTP 421. Zero if it names no time.
    case busy(TimeSpan)
    /// None: the attempt ended before the receiver was contacted.
    case nothing
}
