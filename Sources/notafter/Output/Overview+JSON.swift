import Certificates
import LedgerStorage

/// What `status --json` prints. Every key is always present.
extension Overview: Encodable {
    private enum CodingKeys: String, CodingKey {
        case at, status, certificates, findings, passes, endpoints, receivers, outbox, next
        case unprobedEndpoints = "unprobed_endpoints"
    }

    private enum PassKeys: String, CodingKey {
        case lastStartedAt = "last_started_at"
        case lastFinishedAt = "last_finished_at"
        case lastGoodAt = "last_good_at"
    }

    private enum OutboxKeys: String, CodingKey {
        case open, held, parked, expired
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(now, forKey: .at)
        try container.encode(status.word.lowercased(), forKey: .status)
        try container.encode(listing.summary, forKey: .certificates)
        try container.encode(listing.findings, forKey: .findings)
        var passes = container.nestedContainer(keyedBy: PassKeys.self, forKey: .passes)
        try passes.encode(lastPass?.startedAt, forKey: .lastStartedAt)
        try passes.encode(lastPass?.finishedAt, forKey: .lastFinishedAt)
        try passes.encode(lastGoodPass, forKey: .lastGoodAt)
        try container.encode(endpoints.map(EndpointObject.init), forKey: .endpoints)
        try container.encode(unprobedEndpoints, forKey: .unprobedEndpoints)
        try container.encode(receivers, forKey: .receivers)
        var counts = container.nestedContainer(keyedBy: OutboxKeys.self, forKey: .outbox)
        try counts.encode(outbox.open, forKey: .open)
        try counts.encode(outbox.held, forKey: .held)
        try counts.encode(outbox.parked, forKey: .parked)
        try counts.encode(outbox.expired, forKey: .expired)
        try container.encode(next.map { NextObject(at: $0.dueAt, name: $0.name) }, forKey: .next)
    }
}

private struct NextObject: Encodable {
    let at: Instant
    let name: String
}

/// An endpoint with its last verdict, in `status --json` and `/api/v1/endpoints`.
struct EndpointObject: Encodable {
    let endpoint: OperationalFacts.Endpoint

    private enum CodingKeys: String, CodingKey {
        case name, url, verdict
        case isGood = "good"
        case probedAt = "probed_at"
        case milliseconds = "total_ms"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(endpoint.name, forKey: .name)
        try container.encode(endpoint.url, forKey: .url)
        try container.encode(endpoint.verdict, forKey: .verdict)
        try container.encode(endpoint.isGood, forKey: .isGood)
        try container.encode(endpoint.probedAt, forKey: .probedAt)
        try container.encode(endpoint.milliseconds, forKey: .milliseconds)
    }
}

extension Overview.Receiver: Encodable {
    private enum CodingKeys: String, CodingKey {
        case name, state, open
        case oldest = "oldest_at"
        case nextAttempt = "next_attempt_at"
        case takenAt = "last_delivery_at"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(state.rawValue, forKey: .state)
        try container.encode(open, forKey: .open)
        try container.encode(oldest, forKey: .oldest)
        try container.encode(nextAttempt, forKey: .nextAttempt)
        try container.encode(takenAt, forKey: .takenAt)
    }
}
