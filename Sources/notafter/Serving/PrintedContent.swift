import Certificates
import Configuration
import ExpiryRules
import LedgerStorage
import Monitor
import StatusServer
import Verification

/// The API's documents: what the commands print with `--json`, and `forecast --ics`.
struct PrintedContent: APIContent {
    let state: DaemonState
    let ledger: Ledger
    /// The path of the ledger, of which a forecast makes a copy.
    let ledgerPath: String
    let time: any TimeSource
    /// The daemon's, for reloads and passes.
    let orders: DaemonOrders
    /// Keeps the CAs and lists prepared between requests.
    let verifier: ForwardedVerifier

    func json(of resource: APIResource) async throws -> String? {
        let (settings, now) = (state.settings, time.now)
        switch resource {
        case .status:
            return try JSONText.indented(try await Overview(of: ledger, settings: settings, at: now))
        case .certificates(let page):
            return try JSONText.indented(try await certificates(page, plan: settings.plan, at: now))
        case .certificate(let fingerprint):
            let explainer = Explainer(ledger: ledger, plan: settings.plan, now: now)
            return try await explainer.life(fingerprint).map(JSONText.indented)
        case .endpoints:
            let facts = try await ledger.operationalFacts(at: now)
            return try JSONText.indented(EndpointsObject(facts, of: settings))
        case .endpoint(let name):
            let explainer = Explainer(ledger: ledger, plan: settings.plan, now: now)
            return try await explainer.endpoint(name).map(JSONText.indented)
        case .deliveries(let states, let page):
            return try JSONText.indented(try await deliveries(in: states, page))
        case .silences:
            let silences = try await ledger.silences().map { SilenceObject($0, at: now) }
            return try JSONText.indented(["silences": silences])
        case .findings:
            let findings = try await ledger.openFindings().map { StandingFinding($0) }
            return try JSONText.indented(["findings": findings])
        }
    }

    func calendar(days: Int) async throws -> String {
        let (settings, now) = (state.settings, time.now)
        let forecast = try await Forecaster(copy: try Ledger(copyOfSQLiteFile: ledgerPath), settings: settings)
            .forecast(from: now, until: now + .days(Int64(days)))
        return try ForecastCalendar(forecast).text
    }

    func answer(to question: AdmissionRequest) async throws -> AdmissionAnswer {
        let answer = try await verifier.answer(
            to: question.lines, in: question.header, by: question.registration, of: state.settings, at: time.now)
        switch answer {
        case .accepted(let certificate):
            return .accepted(subject: certificate.subject, fingerprint: certificate.fingerprint)
        case .refused(let reason): return .refused(reason: reason)
        case .unanswerable(let reason): return .unanswerable(reason: reason)
        }
    }

    private func certificates(_ page: PageRequest, plan: WatchPlan, at now: Instant) async throws -> CertificatesPage {
        try await ledger.snapshot { snapshot in
            let rows = try snapshot.watched(after: page.after, limit: page.limit)
            let fingerprints = Set(rows.map(\.item.object.fingerprint))
            let (standings, flaws) = (
                try snapshot.standings(of: fingerprints), try snapshot.flaws(of: fingerprints)
            )
            let items = rows.map { _, item in
                WatchedStatus(
                    item, standing: standings[item.object.fingerprint] ?? ObjectStanding(),
                    flaws: flaws[item.object.fingerprint] ?? [], plan: plan, at: now)
            }
            return CertificatesPage(items: items, next: rows.count < page.limit ? nil : rows.last?.cursor)
        }
    }

    private func deliveries(in states: [DeliveryState], _ page: PageRequest) async throws -> DeliveriesPage {
        let deliveries = try await ledger.snapshot {
            try $0.deliveries(in: states, after: page.after, limit: page.limit)
        }
        return DeliveriesPage(
            deliveries: try deliveries.map(DeliveryStory.init),
            next: deliveries.count < page.limit ? nil : deliveries.last?.id)
    }
}

/// A page of `/api/v1/certificates`, with the keys of `list --json`.
private struct CertificatesPage: Encodable {
    let items: [WatchedStatus]
    /// The cursor of the next page; nil for the last one.
    let next: Int64?

    private enum CodingKeys: String, CodingKey {
        case certificates, next
        case revocationLists = "revocation_lists"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(items.filter { $0.object.kind == .certificate }, forKey: .certificates)
        try container.encode(items.filter { $0.object.kind == .revocationList }, forKey: .revocationLists)
        try container.encode(next, forKey: .next)
    }
}

/// A page of `/api/v1/deliveries`.
private struct DeliveriesPage: Encodable {
    let deliveries: [DeliveryStory]
    let next: Int64?

    private enum CodingKeys: String, CodingKey {
        case deliveries, next
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(deliveries, forKey: .deliveries)
        try container.encode(next, forKey: .next)
    }
}

/// `/api/v1/endpoints`, with the keys of `status --json`.
private struct EndpointsObject: Encodable {
    private let endpoints: [EndpointObject]
    private let unprobed: [String]

    private enum CodingKeys: String, CodingKey {
        case endpoints
        case unprobed = "unprobed_endpoints"
    }

    init(_ facts: OperationalFacts, of settings: Settings) {
        let names = Set(settings.endpoints.map(\.name))
        let probed = Set(facts.endpoints.map(\.name))
        endpoints = facts.endpoints.filter { names.contains($0.name) }.map(EndpointObject.init)
        unprobed = settings.endpoints.map(\.name).filter { !probed.contains($0) }
    }
}
