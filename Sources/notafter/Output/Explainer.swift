import Certificates
import ExpiryRules
import LedgerStorage

/// Combines the ledger's records with what the rules decide now, for `explain`.
struct Explainer {
    let ledger: Ledger
    let plan: WatchPlan
    let now: Instant

    /// - Returns: nil when the ledger has never seen it.
    func life(_ fingerprint: Fingerprint) async throws -> ExplainedLife? {
        guard let life = try await ledger.life(of: fingerprint) else { return nil }
        return ExplainedLife(
            life: life, deliveries: try await ledger.deliveries(about: life.subject).map(DeliveryStory.init),
            prospect: prospect(of: life), now: now)
    }

    /// - Returns: nil when there is no such endpoint.
    func endpoint(_ name: String) async throws -> ExplainedEndpoint? {
        guard let endpoint = try await ledger.endpoint(name) else { return nil }
        let subject = NoticeSubject.finding(registration: name, code: .endpointFailing, place: name)
        return ExplainedEndpoint(
            endpoint: endpoint, presents: try await ledger.fingerprints(presentedBy: name),
            decisions: try await ledger.decisions(about: subject),
            deliveries: try await ledger.deliveries(about: subject).map(DeliveryStory.init))
    }

    /// What happens next and when, or why nothing happens, by the same rules that decide.
    private func prospect(of life: LifeRecord) -> String {
        if life.watchers.isEmpty {
            let because = life.endedBecause.map(\.rawValue) ?? "gone"
            return "nothing: it is watched no longer (\(because.replacing("_", with: " ")))"
        }
        if life.endedAt != nil {
            let until = life.nextDue.map { " until \($0)" } ?? ""
            return "it is back, and is watched without notices\(until): what comes and goes is notified once a day"
        }
        let ladder = plan.ladder(for: life.object.kind, life.object.validity, watchedBy: life.watchers)
        switch ladder.decide(expiry: life.expiry, notified: life.notified, at: now) {
        case .notify(let stage, _, _):
            return "\(stage) has begun, and the next pass tells it to \(audience(of: stage, on: ladder, life))"
        case .hold(.neverExpires): return "nothing: it never expires"
        case .hold(.expiryUnreadable): return "nothing: its expiry cannot be read"
        case .hold(.notYetDue(nil)): return "nothing: no stage is asked for"
        case .hold(.notYetDue(let next?)):
            return beginning(next, on: ladder, life)
        case .hold(.alreadyNotified(let stage, let next?)):
            return "\(stage) was decided; \(beginning(next, on: ladder, life))"
        case .hold(.alreadyNotified(let stage, nil)): return "nothing: \(stage) was decided, and is the last stage"
        }
    }

    private func beginning(_ instant: Instant, on ladder: StageLadder, _ life: LifeRecord) -> String {
        guard let stage = ladder.stage(expiry: life.expiry, at: instant) else {
            return "the next stage begins on \(instant)"
        }
        return "\(stage) begins on \(instant) and goes to \(audience(of: stage, on: ladder, life))"
    }

    /// The receivers of a stage, and the rules that name them.
    private func audience(of stage: Stage, on ladder: StageLadder, _ life: LifeRecord) -> String {
        let registrations = plan.registrations(
            askingFor: [stage], of: life.object.kind, life.object.validity, among: life.watchers)
        let addressees = plan.route.addressees(
            of: registrations.map { registration in
                plan.traits(
                    ofNoticeFor: registration.name, severity: ladder.severity(of: stage),
                    fingerprint: life.object.fingerprint,
                    subject: life.object.name)
            })
        guard !addressees.isEmpty else { return "no receiver: the route names none" }
        let hasRules = !plan.route.rules.isEmpty
        return addressees.map { hasRules ? "\($0.receiver) (by \($0.namedBy))" : $0.receiver }.joined(separator: ", ")
    }
}
