import Certificates
import ExpiryRules

/// What a pass learned of its way to the receivers.
package enum ReceiverContact: Hashable, Sendable {
    /// Nothing was due.
    case untried
    /// Something was due, and no receiver gave an answer.
    case unreached
    case reached
}

/// Tells an outage of this machine's own network from troubles of endpoints, inside one transaction.
///
/// Where all endpoints and all receivers are out of reach at once, that is one finding. What was found of the endpoints
/// meanwhile is withheld until one of them, or a receiver, is reached again.
struct NetworkWatch {
    private static let place = "network"
    /// One endpoint and a receiver may share a machine.
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

    /// How many endpoints there are, if the last probes of all of them ended with one of `verdicts`; else nil.
    func countIfAllEnded(with verdicts: [String]) throws -> Int? {
        let counts = try session.endpoints.counts(endingWith: verdicts)
        return counts.all >= Self.fewestEndpoints && counts.all == counts.ended ? counts.all : nil
    }

    /// Whether the finding has still to be told to a receiver.
    func isAwaited() throws -> Bool { try session.memory.isAwaited(Self.key.subject) }

    func open(endpoints: Int) throws -> [Int64] {
        try FindingWriter(session: session, plan: plan, now: now).open(
            Finding(
                registration: Finding.machine, code: .networkUnreachable, place: Self.place,
                severity: FindingCode.networkUnreachable.severity,
                message: """
                    all \(endpoints) endpoints and every receiver that was tried are out of reach from this machine. \
                    \(FindingCode.networkUnreachable.remedy)
                    """))
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
    ///   - plan: what is registered.
    ///   - now: the time.
    /// - Returns: false once an endpoint was reached, though the finding may stand until it was told.
    /// - Throws: `LedgerError`.
    package func isCutOff(unreached verdicts: [String], plan: WatchPlan, at now: Instant) async throws -> Bool {
        try await engine.read { session in
            guard try NetworkWatch.isCutOff(in: session) else { return false }
            return try NetworkWatch(session: session, plan: plan, now: now).countIfAllEnded(with: verdicts) != nil
        }
    }

    /// Opens or closes the finding that this machine is cut off.
    ///
    /// When an endpoint is reached again, what waits for receivers is due at once: that they could not be reached meanwhile
    /// was no fault of theirs. The finding stays open until that was tried, so that somebody hears of the outage.
    ///
    /// - Parameters:
    ///   - contact: what was learned of the receivers.
    ///   - verdicts: the verdicts of probes that reached nothing.
    ///   - plan: what is registered.
    ///   - now: the time.
    /// - Returns: the ids of the notices that were decided.
    /// - Throws: `LedgerError`.
    package func judgeNetwork(
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
            // The receivers alone are out of reach, which their own findings tell.
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
