import Certificates
import ExpiryRules

extension Ledger {
    /// Records rounds of probes in one transaction, and opens, changes or closes the endpoints' findings.
    ///
    /// - Returns: the ids of the notices that were decided.
    package func record(_ sights: [EndpointSight], plan: WatchPlan, at now: Instant) async throws -> [Int64] {
        try await engine.write { session in
            try sights.flatMap { sight in
                let probedAt = sight.probedAt ?? now
                return try EndpointWriter(session: session, plan: plan, now: now, probedAt: probedAt).record(sight)
            }
        }
    }
}

/// Records a round of probes, and decides on the endpoint's findings.
private struct EndpointWriter {
    let session: any SQLSession
    let plan: WatchPlan
    let now: Instant
    let probedAt: Instant

    func record(_ sight: EndpointSight) throws -> [Int64] {
        let before = try session.endpoints.standing(of: sight.name)
        let after = sight.hysteresis.standing(after: before, seeing: sight.state)
        try session.endpoints.store(sight, after, probedAt: probedAt)
        try ProbeHistory(session: session, now: probedAt).add(sight)
        return try notify(sight, from: before.state, to: after) + foresee(sight)
    }

    private func notify(
        _ sight: EndpointSight, from before: EndpointState, to standing: Hysteresis.Standing
    ) throws -> [Int64] {
        let findings = FindingWriter(session: session, plan: plan, now: now)
        guard standing.state != .well else {
            return try findings.close(registration: sight.name, code: .endpointFailing, place: sight.name)
        }
        // A round that contradicts the confirmed state changes no finding until the state changes.
        guard let trouble = sight.trouble, sight.state == standing.state else { return [] }
        // A change between failing and unprotected gets a new notice. Another way of failing does not.
        return before == .well || before == standing.state
            ? try findings.open(trouble) : try findings.change(to: trouble)
    }

    private func foresee(_ sight: EndpointSight) throws -> [Int64] {
        let findings = FindingWriter(session: session, plan: plan, now: now)
        return try sight.foreseen.flatMap(findings.open)
            + sight.refuted.flatMap { code in
                try findings.close(registration: sight.name, code: code, place: sight.name)
            }
    }
}
