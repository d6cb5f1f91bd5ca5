/// The combined result of the probes of one round. Raw values are part of the JSON contract.
///
/// Acceptance is evaluated before responses: an accepted negative probe proves by itself that the endpoint is open,
/// whatever the positive one returned, unless our own certificate was refused, which is the more serious problem. The
/// refusal of a negative probe counts only beside an accepted positive probe of the same round. The cases are ordered
/// from good to bad, so that the worst of several can be found.
package enum Verdict: String, Hashable, Sendable, CaseIterable {
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

    /// Combines the outcomes of one round.
    ///
    /// - Parameters:
    ///   - positive: with the configured certificate, or without one when none is configured.
    ///   - withoutCertificate: nil when it was skipped.
    ///   - withWrongCertificates: with each certificate that must be refused.
    ///   - serverAsks: whether the server asked for a client certificate in a handshake.
    package init(
        positive: ProbeOutcome, withoutCertificate: ProbeOutcome?, withWrongCertificates: [ProbeOutcome] = [],
        serverAsks: Bool
    ) {
        let negatives = (withoutCertificate.map { [$0] } ?? []) + withWrongCertificates
        if ([positive] + negatives).contains(where: { $0.kind == .cancelled }) {
            self = .cancelled
        } else if positive.leavesEntryOpen, withWrongCertificates.contains(.accepted) {
            self = .notEnforced
        } else if positive.leavesEntryOpen, withoutCertificate == .accepted {
            self = serverAsks ? .optional : .notEnforced
        } else if positive.kind != .accepted {
            self.init(failed: positive)
        } else if negatives.isEmpty {
            self = .accepted
        } else {
            // A server that does not ask for a certificate received none, so something else made the difference.
            self = serverAsks && negatives.allSatisfy(\.provesRefusal) ? .enforced : .inconclusive
        }
    }

    /// The verdict for a positive probe that was not accepted, whatever the results of the others.
    private init(failed outcome: ProbeOutcome) {
        self =
            switch (outcome, outcome.kind) {
            case (.timedOut, _): .timeout
            case (_, .unreachable): .unreachable
            case (.serverCertificateExpired, _): .serverCertificateExpired
            case (.serverHostnameMismatch, _): .serverCertificateHostnameMismatch
            case (.serverCertificateUntrusted, _): .serverCertificateUntrusted
            case (_, .serverNotTrusted): .serverCertificateInvalid
            case (.notTLS, _): .notTLS
            case (.handshakeFailed, _): .handshakeFailed
            case (_, .refused): .refusedOurs
            case (_, .ourFault): .misconfigured
            case (_, .cancelled): .cancelled
            case (_, .unclear), (_, .accepted): .unexpectedAnswer
            }
    }

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
    var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

extension ProbeOutcome {
    /// Whether, after this outcome of the positive probe, the negative ones decide who is accepted.
    fileprivate var leavesEntryOpen: Bool {
        switch kind {
        case .accepted, .unclear, .unreachable: true
        case .refused, .serverNotTrusted, .ourFault, .cancelled: false
        }
    }
}
