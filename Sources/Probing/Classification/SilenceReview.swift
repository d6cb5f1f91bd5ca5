import Certificates

/// One of the probes of a round.
enum ProbeRole: Hashable, Sendable {
    case positive
    case negative
    /// The index in `wrong_client_certificates`.
    case wrong(Int)
}

/// Determines whether a silent close was a refusal. A connection that closes without an alert or a response may have
/// hit a limit that the other probes of the round exhausted. It proves a refusal only if the same probe, repeated alone
/// between two accepted positive probes, is closed again.
struct SilenceReview {
    private var confirmed: Set<ProbeRole> = []
    private var lastPositiveWasLetIn = false
    private var pendingSilence: ProbeRole?
    /// Whether a repeated probe got a response after a silent close among concurrent probes.
    private(set) var foundOtherwise = false

    /// The probes whose results the round itself may have caused.
    func unproven(in results: [ProbeRole: ProbeResult]) -> Set<ProbeRole> {
        Set(
            results.filter { role, result in
                let othersSpoke = results.contains { $0.key != role && $0.value.isSpoken }
                return !confirmed.contains(role) && result.isDoubtful(besideAnswers: othersSpoke)
            }.keys)
    }

    /// The sequential probes to make: a positive one first, and one after each of the others.
    func series(for unproven: Set<ProbeRole>) -> [ProbeRole] {
        [.positive] + unproven.filter { $0 != .positive }.sorted().flatMap { [$0, .positive] }
    }

    /// Whether the result of a repeated probe replaces the earlier one.
    mutating func adopts(_ result: ProbeResult, of role: ProbeRole, over earlier: ProbeResult?) -> Bool {
        let isDoubtful = result.isDoubtful(besideAnswers: true)
        let wasDoubtful = earlier?.isDoubtful(besideAnswers: true) ?? true
        if role == .positive {
            let isLetIn = result.outcome == .accepted
            if isLetIn, let silent = pendingSilence { confirmed.insert(silent) }
            pendingSilence = nil
            lastPositiveWasLetIn = isLetIn
        } else {
            pendingSilence = result.outcome.isSilent && lastPositiveWasLetIn ? role : nil
        }
        if wasDoubtful, !isDoubtful { foundOtherwise = true }
        return wasDoubtful
    }

    /// Whether the rest of the series can still prove something.
    func goesOn(after result: ProbeResult, of role: ProbeRole) -> Bool {
        result.outcome.kind != .cancelled && (role != .positive || result.outcome == .accepted)
    }

    /// The final outcome after all series. A positive probe that was closed silently each time was refused in TLS,
    /// unless TLS had accepted it and something behind TLS closed the connection.
    func settled(_ outcome: ProbeOutcome, of role: ProbeRole, isAcceptedByTLS: Bool) -> ProbeOutcome {
        guard outcome == .closedSilently else { return outcome }
        if role == .positive { return isAcceptedByTLS ? .connectionLost : .refusedSilent }
        return confirmed.contains(role) ? .refusedSilent : .closedSilently
    }
}

extension ProbeRole: Comparable {
    private var order: Int {
        switch self {
        case .positive: -2
        case .negative: -1
        case .wrong(let index): index
        }
    }

    static func < (left: ProbeRole, right: ProbeRole) -> Bool { left.order < right.order }
}

extension ProbeResult {
    /// Whether the server reacted: with a response, an alert, or an acceptance.
    fileprivate var isSpoken: Bool {
        status != nil || alert != nil || outcome.kind == .accepted || outcome.kind == .refused
    }

    /// Whether a connection limit may be the cause. A server that no probe reaches is down.
    fileprivate func isDoubtful(besideAnswers othersSpoke: Bool) -> Bool {
        if outcome.isSilent { return true }
        return othersSpoke && (outcome == .connectFailed || (outcome == .handshakeFailed && alert == nil))
    }
}
