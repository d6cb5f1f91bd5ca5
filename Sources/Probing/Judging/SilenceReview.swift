/// One of the probes of a round.
enum ProbeRole: Hashable, Sendable {
    case positive
    case negative
    /// By its position among `wrong_client_certificates`.
    case wrong(Int)
}

/// Finds out whether a silence was an answer. A connection that closes without an alert or an answer may have met a limit
/// that the other probes of the round used up, so that it proves nothing until the same probe meets it again alone, and
/// between two positive probes that were let in.
struct SilenceReview {
    private var confirmed: Set<ProbeRole> = []
    private var lastPositiveWasLetIn = false
    private var pendingSilence: ProbeRole?
    /// Whether a probe that was made alone was answered, after it had met silence among others.
    private(set) var foundOtherwise = false

    /// The probes whose result may be of our own making.
    func unproven(in results: [ProbeRole: ProbeResult]) -> Set<ProbeRole> {
        Set(
            results.filter { role, result in
                let othersSpoke = results.contains { $0.key != role && $0.value.isSpoken }
                return !confirmed.contains(role) && result.isDoubtful(besideAnswers: othersSpoke)
            }.keys)
    }

    /// The probes to make one after the other: a positive one first, and one after each of the others.
    func series(for unproven: Set<ProbeRole>) -> [ProbeRole] {
        [.positive] + unproven.filter { $0 != .positive }.sorted().flatMap { [$0, .positive] }
    }

    /// Whether the result of a probe that was made alone takes the place of the earlier one.
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

    /// Whether the next probe of the series can still prove something.
    func goesOn(after result: ProbeResult, of role: ProbeRole) -> Bool {
        result.outcome.kind != .cancelled && (role != .positive || result.outcome == .accepted)
    }

    /// What an outcome means once the series are over. A positive probe that met silence alone, each time, was refused in
    /// TLS; unless TLS had let it in, so that something behind it closed the connection.
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
    /// Whether the server said something: by an answer, an alert or by letting the probe in.
    fileprivate var isSpoken: Bool {
        status != nil || alert != nil || outcome.kind == .accepted || outcome.kind == .refused
    }

    /// Whether a limit on connections may be behind it. A server that cannot be reached at all is simply down.
    fileprivate func isDoubtful(besideAnswers othersSpoke: Bool) -> Bool {
        if outcome.isSilent { return true }
        return othersSpoke && (outcome == .connectFailed || (outcome == .handshakeFailed && alert == nil))
    }
}
