/// What the probes with and without the client certificate say together. Raw values are part of the JSON contract.
///
/// The positive probe decides first: a refusal of the negative one proves something only beside a positive probe that
/// passed in the same round.
package enum Verdict: String, Hashable, Sendable, CaseIterable {
    /// Let in with the certificate, and in the same round refused without it.
    case enforced
    /// Let in with the certificate; the negative probe is turned off, or there is no certificate to leave out.
    case accepted
    /// Let in with the certificate, and without it as well.
    case notEnforced = "not_enforced"
    /// Let in with the certificate; what happened without it is no proof of a refusal, nor of the lack of one.
    case inconclusive
    /// The endpoint turned our certificate away.
    case refused
    /// No name, no connection, or no answer in time.
    case unreachable
    /// The server's own certificate is expired, untrusted, or for another name.
    case serverNotTrusted = "server_not_trusted"
    /// The endpoint answered with something that is neither entry nor refusal.
    case failed
    /// Our own files or URL cannot be used, so nothing was probed.
    case misconfigured
    /// Called off before the end of the round: nothing is known.
    case cancelled

    /// Pairs the outcomes of one round; `negative` is nil when it was skipped.
    package init(positive: ProbeOutcome, negative: ProbeOutcome?) {
        self =
            switch (positive.kind, negative?.kind) {
            case (.cancelled, _), (_, .cancelled): .cancelled
            case (.accepted, nil): .accepted
            case (.accepted, .accepted): .notEnforced
            case (.accepted, .refused): .enforced
            case (.accepted, .unreachable), (.accepted, .serverNotTrusted), (.accepted, .unclear),
                (.accepted, .ourFault):
                .inconclusive
            case (.refused, _): .refused
            case (.unreachable, _): .unreachable
            case (.serverNotTrusted, _): .serverNotTrusted
            case (.unclear, _): .failed
            case (.ourFault, _): .misconfigured
            }
    }

    /// Whether nobody has to do anything.
    package var isGood: Bool {
        switch self {
        case .enforced, .accepted: true
        case .notEnforced, .inconclusive, .refused, .unreachable, .serverNotTrusted, .failed, .misconfigured,
            .cancelled:
            false
        }
    }

    /// One sentence for people, and the next step where there is one.
    package var explanation: String {
        switch self {
        case .enforced: "mTLS is enforced: let in with the client certificate, refused without it."
        case .accepted: "The client certificate is accepted; entry without one was not tried."
        case .notEnforced:
            "mTLS is not enforced: anyone gets in without a certificate. Make the server require one."
        case .inconclusive:
            "The client certificate is accepted, but the probe without it proved nothing. Look at its outcome."
        case .refused: "The endpoint refuses the client certificate. Look at the reason, and renew or re-register it."
        case .unreachable: "The endpoint cannot be reached. Check the name, the port and the service."
        case .serverNotTrusted:
            "The server's own certificate cannot be trusted. Renew it, or correct ca_file or server_name."
        case .failed: "The endpoint did not answer as expected. Look at the outcome and the server's log."
        case .misconfigured: "Nothing was probed. Correct the endpoint's URL and tls_config."
        case .cancelled: "The probes were called off before their end. Nothing is known."
        }
    }
}
