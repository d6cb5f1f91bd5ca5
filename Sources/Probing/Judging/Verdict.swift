/// What the probes of one round say together. Raw values are part of the JSON contract.
///
/// Who is let in is judged before what was answered: a negative probe that got in proves an open door by itself, whatever
/// the positive one was answered, unless our own certificate was refused, which is the greater trouble. A refusal of a
/// negative probe proves something only beside a positive one that passed in the same round. From good to bad, so that the worst of several can be found.
package enum Verdict: String, Hashable, Sendable, CaseIterable {
    /// Let in with the certificate, and in the same round refused without it and with every wrong one.
    case enforced
    /// Let in; the negative probe is turned off, or there is no certificate to leave out.
    case accepted
    /// Called off before the end of the round: nothing is known.
    case cancelled
    /// Let in with the certificate; what else happened is no proof of a refusal, nor of the lack of one.
    case inconclusive
    /// The server asks for a certificate, and lets those in who have none.
    case optional
    /// Anyone gets in: the server asks for no certificate, or takes a wrong one.
    case notEnforced = "not_enforced"
    /// Our own files or URL cannot be used, so nothing was probed.
    case misconfigured
    /// The endpoint answered with something that is neither entry nor refusal.
    case unexpectedAnswer = "unexpected_answer"
    /// Client and server have no version or cipher of TLS in common, or the like.
    case handshakeFailed = "handshake_failed"
    /// The port speaks something else.
    case notTLS = "not_tls"
    /// The server's chain leads to no CA of ours.
    case serverCertificateUntrusted = "server_certificate_untrusted"
    case serverCertificateHostnameMismatch = "server_certificate_hostname_mismatch"
    case serverCertificateExpired = "server_certificate_expired"
    /// Any other fault that OpenSSL finds with the server's chain.
    case serverCertificateInvalid = "server_certificate_invalid"
    /// No answer in time.
    case timeout
    /// No name, or no connection.
    case unreachable
    /// The endpoint refuses the configured client certificate.
    case refusedOurs = "refused_ours"

    /// Judges one round.
    ///
    /// - Parameters:
    ///   - positive: with the configured certificate, or with none where none is configured.
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
            // A server that asks for no certificate was shown none, and made its difference by something else.
            self = serverAsks && negatives.allSatisfy(\.provesRefusal) ? .enforced : .inconclusive
        }
    }

    /// What a positive probe that was not let in means, whatever came of the others.
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

    /// Whether nothing has to be done.
    package var isGood: Bool {
        switch self {
        case .enforced, .accepted: true
        case .cancelled, .inconclusive, .optional, .notEnforced, .misconfigured, .unexpectedAnswer, .handshakeFailed,
            .notTLS, .serverCertificateUntrusted, .serverCertificateHostnameMismatch, .serverCertificateExpired,
            .serverCertificateInvalid, .timeout, .unreachable, .refusedOurs:
            false
        }
    }

    /// How bad it is beside other verdicts.
    var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

extension ProbeOutcome {
    /// Whether a positive probe that ended so leaves it to the negative ones who gets in.
    fileprivate var leavesEntryOpen: Bool {
        switch kind {
        case .accepted, .unclear, .unreachable: true
        case .refused, .serverNotTrusted, .ourFault, .cancelled: false
        }
    }
}
