import Certificates
import ExpiryRules

extension Ledger {
    /// Begins a silence, and holds matching deliveries in the outbox.
    ///
    /// Deliveries that are being sent or may have arrived are not held.
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

    /// Ends a silence early. Deliveries that no other silence holds are due at once.
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

    /// Matches all held deliveries again, since registrations, owners and labels may have changed.
    package func reviewSilences(plan: WatchPlan, at now: Instant) async throws {
        try await engine.write { _ = try SilenceKeeper(session: $0, plan: plan, now: now).hold(.all) }
    }
}
