/// The combined result of the probes of one round. Raw values are part of the JSON contract.
///
/// Acceptance is evaluated before responses: an accepted negative probe proves by itself that the endpoint is open,
/// whatever the positive one returned, unless our own certificate was refused, which is the more serious problem. The
/// refusal of a negative probe counts only beside an accepted positive probe of the same round. The cases are ordered
/// from good to bad, so that the worst of several can be found.
package enum Verdict: String, Hashable, Sendable, Codable, CaseIterable {
    /// Accepted with the certificate, and in the same round refused without it and with every wrong one.
    case enforced
    /// Accepted. The negative probe is disabled, or no certificate is configured.
    case accepted
    /// Cancelled before the end of the round: there is no result.
    case cancelled
    /// Accepted with the certificate. The other probes prove neither a refusal nor an acceptance.
    case inconclusive
    /// The server asks for a certificate and accepts clients without one.
    case optional
    /// The server asks for no certificate, or accepts a wrong one.
    case notEnforced = "not_enforced"
    /// Our own files or URL cannot be used, so nothing was probed.
    case misconfigured
    /// The response is neither an acceptance nor a refusal.
    case unexpectedAnswer = "unexpected_answer"
    /// Client and server have no common version or cipher of TLS, or similar.
    case handshakeFailed = "handshake_failed"
    /// The port speaks another protocol.
    case notTLS = "not_tls"
    /// The server's chain leads to no CA that we trust.
    case serverCertificateUntrusted = "server_certificate_untrusted"
    case serverCertificateHostnameMismatch = "server_certificate_hostname_mismatch"
    case serverCertificateExpired = "server_certificate_expired"
    /// Any other error in the server's chain.
    case serverCertificateInvalid = "server_certificate_invalid"
    /// No answer in time.
    case timeout
    /// The name has no address, or no connection was established.
    case unreachable
    /// The endpoint refuses the configured client certificate.
    case refusedOurs = "refused_ours"

    /// Whether no action is needed.
    package var isGood: Bool {
        switch self {
        case .enforced, .accepted: true
        case .cancelled, .inconclusive, .optional, .notEnforced, .misconfigured, .unexpectedAnswer, .handshakeFailed,
            .notTLS, .serverCertificateUntrusted, .serverCertificateHostnameMismatch, .serverCertificateExpired,
            .serverCertificateInvalid, .timeout, .unreachable, .refusedOurs:
            false
        }
    }

    /// The position in the order from good to bad.
    package var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
