import Certificates
import ExpiryRules

/// The state of endpoints, receivers and notafter itself, for metrics.
package struct OperationalFacts: Hashable, Sendable {
    /// The last probes of an endpoint.
    package struct Endpoint: Hashable, Sendable {
        package let name: String
        package let url: String
        /// The verdict's name.
        package let verdict: String
        /// Whether the verdict is the expected one.
        package let isGood: Bool
        package let probedAt: Instant
        /// The duration of the probe with the client certificate; nil if it is not known.
        package let milliseconds: Int?
    }

    /// The backlog of a receiver, and the state of its gate.
    package struct Receiver: Hashable, Sendable {
        package let name: String
        /// Deliveries that are not settled.
        package let pending: Int
        /// When the oldest of them was decided.
        package let oldest: Instant?
        /// Whether its gate is closed now.
        package let isClosed: Bool
        /// When it last accepted a message.
        package let takenAt: Instant?
    }

    /// A complete pass.
    package struct CompletePass: Hashable, Sendable {
        package let startedAt: Instant
        package let finishedAt: Instant
    }

    package let endpoints: [Endpoint]
    package let receivers: [Receiver]
    package let lastPass: CompletePass?
    /// When the last good pass began.
    package let lastGoodPass: Instant?
}

extension Ledger {
    /// Reads the state of endpoints, receivers and notafter itself.
    ///
    /// - Parameter now: the time for which the gates are evaluated.
    /// - Returns: endpoints and receivers in the order of their names.
    /// - Throws: `LedgerError`.
    package func operationalFacts(at now: Instant) async throws -> OperationalFacts {
        try await engine.read { try Self.operationalFacts(in: $0, at: now) }
    }

    /// The same, inside a transaction.
    static func operationalFacts(in session: any SQLSession, at now: Instant) throws -> OperationalFacts {
        OperationalFacts(
            endpoints: try endpoints(in: session), receivers: try receivers(in: session, at: now),
            lastPass: try session.one(
                """
                SELECT started_at, finished_at FROM runs WHERE finished_at IS NOT NULL
                ORDER BY started_at DESC LIMIT 1
                """
            ) { row in
                OperationalFacts.CompletePass(startedAt: try row.instant(), finishedAt: try row.instant())
            },
            lastGoodPass: try session.one("SELECT max(started_at) FROM runs WHERE outcome = 'good'") {
                $0.optionalInstant()
            } ?? nil)
    }

    private static func endpoints(in session: any SQLSession) throws -> [OperationalFacts.Endpoint] {
        try session.all(
            """
            SELECT e.name, e.url, e.verdict, e.probed_at, p.is_good, p.total_ms FROM endpoints e
            LEFT JOIN probes p ON p.endpoint = e.name AND p.probed_at = e.probed_at ORDER BY e.name
            """
        ) { row in
            let (name, url, verdict) = (try row.text(), try row.text(), try row.text())
            let probedAt = try row.instant()
            let isGood = row.optionalInteger() == 1
            return OperationalFacts.Endpoint(
                name: name, url: url, verdict: verdict, isGood: isGood, probedAt: probedAt,
                milliseconds: row.optionalCount())
        }
    }

    private static func receivers(in session: any SQLSession, at now: Instant) throws -> [OperationalFacts.Receiver] {
        try session.all(
            """
            SELECT r.name, count(d.id), min(n.observed_at), r.not_before > $1 AND r.failures > 0, r.taken_at
            FROM receivers r
            LEFT JOIN deliveries d ON d.receiver = r.name AND d.\(DeliveryState.isOpenInSQL)
            LEFT JOIN notices n ON n.id = d.notice_id
            GROUP BY r.name ORDER BY r.name
            """, [.integer(now.seconds)]
        ) { row in
            OperationalFacts.Receiver(
                name: try row.text(), pending: try row.count(), oldest: row.optionalInstant(),
                isClosed: try row.flag(), takenAt: row.optionalInstant())
        }
    }
}
