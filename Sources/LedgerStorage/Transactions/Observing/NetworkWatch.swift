import Certificates
import ExpiryRules

/// Whether a pass could reach receivers.
package enum ReceiverContact: Hashable, Sendable {
    /// No delivery was due.
    case untried
    /// Deliveries were due, and no receiver answered.
    case unreached
    case reached
}

/// Distinguishes an outage of this machine's network from problems of endpoints, inside one transaction.
///
/// If all endpoints and all receivers are out of reach at once, there is one finding about that. Notices about
/// endpoints are withheld until an endpoint or a receiver can be reached again.
struct NetworkWatch {
    private static let place = "network"
    /// At least two, because a single endpoint may share a machine with the receiver.
    private static let fewestEndpoints = 2

    let session: any SQLSession
    let plan: WatchPlan
    let now: Instant

    private static let key = FindingTable.Key(
        registration: Finding.machine, code: .networkUnreachable, place: place)

    /// Whether the finding is open.
    static func isCutOff(in session: any SQLSession) throws -> Bool {
        try session.findings.openSince(key) != nil
    }

    /// The number of endpoints if the last round of each ended with one of `verdicts`; otherwise nil.
    func countIfAllEnded(with verdicts: [String]) throws -> Int? {
        let counts = try session.endpoints.counts(endingWith: verdicts)
        return counts.all >= Self.fewestEndpoints && counts.all == counts.ended ? counts.all : nil
    }

    /// Whether the notice of the finding has open deliveries.
    func isAwaited() throws -> Bool { try session.memory.isAwaited(Self.key.subject) }

    func open(endpoints: Int) throws -> [Int64] {
        try FindingWriter(session: session, plan: plan, now: now).open(
            Finding(
                registration: Finding.machine, code: .networkUnreachable, place: Self.place,
                severity: FindingCode.networkUnreachable.severity,
                facts: .machine(.cutOff(endpoints: endpoints))))
    }

    func close() throws -> [Int64] {
        try FindingWriter(session: session, plan: plan, now: now)
            .close(registration: Finding.machine, code: .networkUnreachable, place: Self.place)
    }
}

extension Ledger {
    /// Whether all endpoints and receivers were out of reach when they were last tried.
    ///
    /// - Parameters:
    ///   - verdicts: the verdicts of probes that reached nothing.
    ///   - plan: the registrations and routes.
    ///   - now: the time.
    /// - Returns: false once an endpoint was reached, even if the finding is still open.
    /// - Throws: `LedgerError`.
    package func isCutOff(unreached verdicts: [String], plan: WatchPlan, at now: Instant) async throws -> Bool {
        try await engine.read { session in
            guard try NetworkWatch.isCutOff(in: session) else { return false }
            return try NetworkWatch(session: session, plan: plan, now: now).countIfAllEnded(with: verdicts) != nil
        }
    }

    /// Opens or closes the finding that this machine has no network.
    ///
    /// When an endpoint is reached again, all retries are due at once, since the receivers did not cause the failures.
    /// The finding stays open until its notice was attempted, so that the outage is reported.
    ///
    /// - Parameters:
    ///   - contact: whether receivers could be reached.
    ///   - verdicts: the verdicts of probes that reached nothing.
    ///   - plan: the registrations and routes.
    ///   - now: the time.
    /// - Returns: the ids of the notices that were decided.
    /// - Throws: `LedgerError`.
    package func reviewNetwork(
        _ contact: ReceiverContact, unreached verdicts: [String], plan: WatchPlan, at now: Instant
    ) async throws -> [Int64] {
        let (isOpen, count) = try await engine.read { session in
            let watch = NetworkWatch(session: session, plan: plan, now: now)
            return (try NetworkWatch.isCutOff(in: session), try watch.countIfAllEnded(with: verdicts))
        }
        switch (contact, count) {
        case (.unreached, let count?) where !isOpen:
            return try await engine.write { try NetworkWatch(session: $0, plan: plan, now: now).open(endpoints: count) }
        case (.reached, _) where isOpen:
            return try await engine.write { session in
                try OutboxWriter(session: session, now: now).reopenGatesAfterOutage()
                return try NetworkWatch(session: session, plan: plan, now: now).close()
            }
        case (.unreached, nil) where isOpen:
            // Only the receivers are out of reach, which their own findings report.
            return try await engine.write { try NetworkWatch(session: $0, plan: plan, now: now).close() }
        case (.untried, nil) where isOpen:
            return try await engine.write { session in
                let watch = NetworkWatch(session: session, plan: plan, now: now)
                try OutboxWriter(session: session, now: now).reopenGatesAfterOutage()
                return try watch.isAwaited() ? [] : watch.close()
            }
        case (.unreached, _), (.reached, _), (.untried, _):
            return []
        }
    }
}
