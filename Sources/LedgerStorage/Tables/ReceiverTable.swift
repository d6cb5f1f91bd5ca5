import Certificates
import ExpiryRules

/// The only writer of `receivers`: their gates, when each last accepted a message, and the rank of each as a fallback.
struct ReceiverTable {
    let session: any SQLSession

    /// The names of all receivers.
    func names() throws -> [String] {
        try session.all("SELECT name FROM receivers") { try $0.text() }
    }

    /// The digest of each receiver's settings, by name.
    func settings() throws -> [String: [UInt8]] {
        let rows = try session.all("SELECT name, settings FROM receivers") { (try $0.text(), try $0.blob()) }
        return Dictionary(rows, uniquingKeysWith: { $1 })
    }

    /// The receivers that are failing.
    func failing() throws -> [String] {
        try session.all("SELECT name FROM receivers WHERE failing_since IS NOT NULL") { try $0.text() }
    }

    /// Since when a receiver has been failing. The outer nil means that there is no such receiver, the inner nil that
    /// it is not failing.
    func failingSince(_ receiver: String) throws -> Instant?? {
        try session.one("SELECT failing_since FROM receivers WHERE name = $1", [.text(receiver)]) {
            $0.optionalInstant()
        }
    }

    /// The answer that disabled a receiver; nil if it is not disabled or does not exist.
    func disabledReason(of receiver: String) throws -> String? {
        try session.one(
            "SELECT disabled_because FROM receivers WHERE name = $1 AND disabled_because IS NOT NULL", [.text(receiver)]
        ) { try $0.text() }
    }

    /// The receivers for notices about `receiver`: the fallback or, if it is missing, gone or `receiver` itself, those
    /// of `route.receivers`.
    func fallbacks(for receiver: String) throws -> [Addressee] {
        try session.all(
            """
            SELECT name, fallback_rank FROM receivers
            WHERE name <> $1 AND disabled_because IS NULL AND fallback_rank = (
                SELECT min(fallback_rank) FROM receivers WHERE name <> $1 AND disabled_because IS NULL)
            ORDER BY name
            """, [.text(receiver)]
        ) { row in
            let (receiver, rank) = (try row.text(), FallbackRank(rawValue: try row.integer()))
            return Addressee(receiver: receiver, namedBy: try row.required(rank).name)
        }
    }

    /// - Returns: nil if the receiver no longer exists.
    func gate(of receiver: String) throws -> ReceiverGate? {
        try session.one(
            """
            SELECT failures, not_before, failing, failures_in_row, recent_attempts, recent_failures, paused_until
            FROM receivers WHERE name = $1
            """, [.text(receiver)]
        ) { row in
            var gate = ReceiverGate()
            gate.closings = try row.count()
            gate.closedUntil = try row.instant()
            gate.failing = try row.text().split(separator: ",").compactMap { Int64($0) }
            gate.failuresInRow = try row.count()
            gate.attempts = try row.count()
            gate.failures = try row.count()
            gate.pausedUntil = try row.instant()
            return gate
        }
    }

    /// The receivers whose gates are closed because of failures.
    func closed(at now: Instant) throws -> [String] {
        try session.all(
            "SELECT name FROM receivers WHERE failures > 0 AND not_before > $1", [.integer(now.seconds)]
        ) { try $0.text() }
    }

    /// Stores a receiver's gate.
    func store(_ gate: ReceiverGate, of receiver: String) throws {
        try session.execute(
            """
            UPDATE receivers SET failures = $1, not_before = $2, failing = $3, failures_in_row = $4,
                recent_attempts = $5, recent_failures = $6, paused_until = $8 WHERE name = $7
            """,
            [
                SQLValue(gate.closings), .integer(gate.closedUntil.seconds),
                .text(gate.failing.map(String.init).joined(separator: ",")), SQLValue(gate.failuresInRow),
                SQLValue(gate.attempts), SQLValue(gate.failures), .text(receiver),
                .integer(gate.pausedUntil.seconds),
            ])
    }

    /// Notes that a receiver has accepted a message.
    func noteTaken(by receiver: String, at now: Instant) throws {
        try session.execute(
            "UPDATE receivers SET taken_at = $1, failing_since = NULL WHERE name = $2",
            [.integer(now.seconds), .text(receiver)])
    }

    /// Notes a failure. The first one in a row counts; one in the future was noted by a clock that ran ahead.
    func noteFailure(of receiver: String, at now: Instant) throws {
        try session.execute(
            """
            UPDATE receivers SET failing_since = $1
            WHERE name = $2 AND (failing_since IS NULL OR failing_since > $1)
            """, [.integer(now.seconds), .text(receiver)])
    }

    /// Disables a receiver that answered that it is gone.
    func disable(_ receiver: String, because reason: String) throws {
        try session.execute(
            "UPDATE receivers SET disabled_because = $1 WHERE name = $2", [.text(reason), .text(receiver)])
    }

    /// Opens a receiver's gate by an operator's command.
    func open(_ receiver: String) throws {
        try session.execute(
            "UPDATE receivers SET not_before = 0, paused_until = 0, disabled_because = NULL WHERE name = $1",
            [.text(receiver)])
    }

    /// Opens gates that a clock that ran ahead has closed beyond `limit`.
    func open(closedBeyond limit: Instant) throws {
        try session.execute(
            "UPDATE receivers SET not_before = 0, paused_until = 0 WHERE not_before > $1", [.integer(limit.seconds)])
    }

    /// Adds a receiver, or stores its new settings and opens its gate, since they may have fixed the cause.
    func adopt(_ name: String, settings: [UInt8]) throws {
        try session.execute(
            """
            INSERT INTO receivers(name, settings) VALUES($1, $2)
            ON CONFLICT(name) DO UPDATE SET settings = $2, not_before = 0, failures = 0, disabled_because = NULL,
                failing = '', failures_in_row = 0, recent_attempts = 0, recent_failures = 0, paused_until = 0
            """, [.text(name), .blob(settings)])
    }

    /// Deletes all other receivers.
    func keepOnly(_ names: some Sequence<String>) throws {
        try session.execute(
            "DELETE FROM receivers WHERE name NOT IN (\(SQLList.elements(of: "$1")))", [.list(texts: names)])
    }

    /// Stores the receivers for notices about another receiver: `fallback` or, without one, `rest`.
    func rank(fallback: [String], rest: [String]) throws {
        try session.execute(
            """
            UPDATE receivers SET fallback_rank = CASE WHEN name IN (\(SQLList.elements(of: "$1"))) THEN $2
                WHEN name IN (\(SQLList.elements(of: "$3"))) THEN $4 END
            """,
            [
                .list(texts: fallback), .integer(FallbackRank.fallback.rawValue), .list(texts: rest),
                .integer(FallbackRank.rest.rawValue),
            ])
    }
}

extension SQLSession {
    /// The table `receivers`.
    var receivers: ReceiverTable { ReceiverTable(session: self) }
}
