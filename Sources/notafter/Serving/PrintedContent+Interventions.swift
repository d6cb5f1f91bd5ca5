import Certificates
import Configuration
import ExpiryRules
import LedgerStorage
import Monitor
import StatusServer

/// What the commands `silence` and `deliveries` and the signals of the daemon do, for clients of the listener.
extension PrintedContent {
    /// How long a client waits for a reload before it is told that a pass comes first.
    private static let reloadPatience = Duration.seconds(10)

    func perform(_ intervention: Intervention) async throws -> InterventionOutcome {
        switch intervention {
        case .reload: return try await reload()
        case .scan:
            orders.makePass()
            return .accepted(json: try OrderObject.accepted)
        case .addSilence(let request): return try await addSilence(request)
        case .endSilence(let id): return try await endSilence(id)
        case .retryDelivery(let id):
            return try await outcome(of: try await ledger.retryDelivery(id, at: time.now), for: id)
        case .cancelDelivery(let id):
            return try await outcome(of: try await ledger.cancelDelivery(id, at: time.now), for: id)
        }
    }

    private func reload() async throws -> InterventionOutcome {
        switch await orders.reload(within: Self.reloadPatience) {
        case .succeeded: return .done(json: try OrderObject.done)
        case .failed(let reason):
            return .refused(
                .conflict, reason: "The configuration was not read anew, and the old one stays in use: \(reason)")
        case nil: return .accepted(json: try OrderObject.accepted)
        }
    }

    private func addSilence(_ request: SilenceRequest) async throws -> InterventionOutcome {
        let (plan, now) = (state.settings.plan, time.now)
        let terms: SilenceTerms
        do throws(SilenceRequestError) {
            terms = try request.terms(at: now, from: .api)
            try terms.matchers.requireKnownValues(among: state.settings.registrations)
        } catch {
            return .refused(.invalid, reason: error.message)
        }
        if let same = try await ledger.silences().first(where: { Self.repeats(request, terms, $0.silence, at: now) }) {
            return .done(json: try JSONText.indented(SilenceObject(same, at: now)))
        }
        let effect = try await ledger.addSilence(terms, plan: plan, at: now)
        return .created(
            json: try JSONText.indented(SilenceObject(effect, at: now)), path: "/api/v1/silences/\(effect.silence.id)")
    }

    /// Whether a request asks for a silence that holds already, as when a client repeats one whose answer it did not get: with
    /// the same matchers, author and reason, until the same time, or for as long within a minute.
    private static func repeats(
        _ request: SilenceRequest, _ terms: SilenceTerms, _ silence: Silence, at now: Instant
    ) -> Bool {
        guard silence.isActive(at: now), silence.terms.matchers == terms.matchers,
            silence.terms.author == terms.author, silence.terms.reason == terms.reason
        else { return false }
        guard let duration = request.duration else { return silence.terms.endsAt == terms.endsAt }
        return silence.terms.endsAt == silence.createdAt + duration && (now - silence.createdAt).seconds < 60
    }

    private func endSilence(_ id: Int64) async throws -> InterventionOutcome {
        let now = time.now
        if case .unknown = try await ledger.expireSilence(id, plan: state.settings.plan, at: now) {
            return .refused(.unknown, reason: "There is no silence \(id): GET /api/v1/silences lists them.")
        }
        // One that is over already answers the same: the client gets what it asked for.
        guard let record = try await ledger.silences().first(where: { $0.silence.id == id }) else {
            return .refused(.unknown, reason: "There is no silence \(id): GET /api/v1/silences lists them.")
        }
        return .done(json: try JSONText.indented(SilenceObject(record, at: now)))
    }

    private func outcome(of result: DeliveryIntervention, for id: Int64) async throws -> InterventionOutcome {
        switch result {
        case .done:
            let found = try await ledger.snapshot {
                try $0.deliveries(in: DeliveryState.allCases, after: id - 1, limit: 1)
            }
            guard let record = found.first(where: { $0.id == id }) else {
                return .refused(.unknown, reason: "Delivery \(id) is no longer in the ledger.")
            }
            return .done(json: try JSONText.indented(try DeliveryStory(record)))
        case .unknown:
            return .refused(.unknown, reason: "There is no delivery \(id): GET /api/v1/deliveries lists them.")
        case .impossible(let state):
            return .refused(.conflict, reason: "Delivery \(id) is \(state.rawValue), and stays so.")
        case .held(let hold):
            return .refused(
                .conflict, reason: "Delivery \(id) is \(hold.words): DELETE /api/v1/silences/\(hold.silence) ends that."
            )
        }
    }
}

/// The answer to an order that has no document of its own.
private struct OrderObject: Encodable {
    let outcome: String

    static var done: String {
        get throws { try JSONText.indented(OrderObject(outcome: "done")) }
    }

    static var accepted: String {
        get throws { try JSONText.indented(OrderObject(outcome: "accepted")) }
    }
}
