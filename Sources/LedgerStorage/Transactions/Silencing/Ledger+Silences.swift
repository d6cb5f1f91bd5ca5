import Certificates
import ExpiryRules

extension Ledger {
    /// Begins a silence, and holds what waits in the outbox and matches.
    ///
    /// What is being sent just now, or may have been seen, goes on.
    package func addSilence(_ terms: SilenceTerms, plan: WatchPlan, at now: Instant) async throws -> SilenceEffect {
        try await engine.write { session in
            let silence = try session.silences.insert(terms, at: now)
            try SilenceKeeper(session: session, plan: plan, now: now).hold(.all)
            let census = SilenceCensus(session: session, plan: plan)
            return SilenceEffect(
                silence: silence, heldDeliveries: try census.heldDeliveries(by: silence.id),
                certificates: try census.certificates(matching: terms.matchers),
                findings: try census.findings(matching: terms.matchers))
        }
    }

    /// Ends a silence before its time: what no other one holds is due at once.
    package func expireSilence(_ id: Int64, plan: WatchPlan, at now: Instant) async throws -> SilenceExpiry {
        try await engine.write { session in
            guard let silence = try session.silences.silence(id) else { return .unknown }
            guard silence.isActive(at: now) else { return .over(since: silence.overAt) }
            let census = SilenceCensus(session: session, plan: plan)
            let before = try census.heldDeliveries()
            try session.silences.end(id, at: now, because: .expired)
            try SilenceKeeper(session: session, plan: plan, now: now).hold(.all)
            return .done(released: before - (try census.heldDeliveries()))
        }
    }

    /// Looks again at all that is held: of what has another watcher, owner or label by now, it may be held no longer.
    package func reviewSilences(plan: WatchPlan, at now: Instant) async throws {
        try await engine.write { _ = try SilenceKeeper(session: $0, plan: plan, now: now).hold(.all) }
    }
}
