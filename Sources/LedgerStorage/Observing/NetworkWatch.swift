import Certificates
import ExpiryRules
import Foundation

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

    /// Whether the finding stands.
    static func isCutOff(in session: any SQLSession) throws -> Bool {
        try session.first(
            "SELECT 1 FROM findings WHERE registration = $1 AND code = $2 AND place = $3 AND closed_at IS NULL",
            [.text(Finding.machine), .text(FindingCode.networkUnreachable.rawValue), .text(place)]
        ) { _ in true } ?? false
    }

    /// How many endpoints there are, if the last probes of all of them ended with one of `verdicts`; else nil.
    func countIfAllEnded(with verdicts: [String]) throws -> Int? {
        let list = String(decoding: try JSONEncoder().encode(verdicts), as: UTF8.self)
        let counts = try session.first(
            """
            SELECT count(*), count(CASE WHEN verdict IN (SELECT value FROM json_each($1)) THEN 1 END) FROM endpoints
            """, [.text(list)]
        ) { (all: Int($0.integer(0) ?? 0), ended: Int($0.integer(1) ?? 0)) }
        guard let counts, counts.all >= Self.fewestEndpoints, counts.all == counts.ended else { return nil }
        return counts.all
    }

    /// Whether the finding has still to be told to a receiver.
    func isAwaited() throws -> Bool {
        let subject = NoticeSubject.finding(
            registration: Finding.machine, code: .networkUnreachable, place: Self.place)
        return try session.first(
            """
            SELECT 1 FROM notices n JOIN deliveries d ON d.notice_id = n.id
            WHERE n.subject = $1 AND n.kind = $2 AND n.state = $3 AND d.\(DeliveryState.isOpenInSQL) LIMIT 1
            """,
            [
                .text(subject.text), .text(NoticeKind.finding.rawValue), .text(NoticeState.open.rawValue),
            ]
        ) { _ in true } ?? false
    }

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
                try ReceiverRows(session: session).reopenGatesAfterOutage(at: now)
                return try NetworkWatch(session: session, plan: plan, now: now).close()
            }
        case (.unreached, nil) where isOpen:
            // The receivers alone are out of reach, which their own findings tell.
            return try await engine.write { try NetworkWatch(session: $0, plan: plan, now: now).close() }
        case (.untried, nil) where isOpen:
            return try await engine.write { session in
                let watch = NetworkWatch(session: session, plan: plan, now: now)
                try ReceiverRows(session: session).reopenGatesAfterOutage(at: now)
                return try watch.isAwaited() ? [] : watch.close()
            }
        case (.unreached, _), (.reached, _), (.untried, _):
            return []
        }
    }

    /// The endpoints of which something is due to be told, and that were last probed before `instant`.
    package func endpointsWithNews(probedBefore instant: Instant, at now: Instant) async throws -> Set<String> {
        let names = try await engine.read { session in
            try session.query(
                """
                SELECT DISTINCT e.name FROM deliveries d JOIN notices n ON n.id = d.notice_id
                JOIN endpoints e ON e.name = n.registration JOIN receivers r ON r.name = d.receiver
                WHERE d.\(DeliveryState.isOpenInSQL) AND d.next_at <= $1 AND r.not_before <= $1
                    AND r.disabled_because IS NULL AND e.probed_at < $2
                    AND n.fingerprint IS NULL AND n.kind IN ('finding', 'finding_resolved')
                """, [.integer(now.seconds), .integer(instant.seconds)]
            ) { $0.text(0) ?? "" }
        }
        return Set(names)
    }
}
