import Certificates

extension Verdict {
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
