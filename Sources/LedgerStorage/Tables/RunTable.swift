import Certificates

/// The only writer of `runs`: the passes.
struct RunTable {
    let session: any SQLSession

    /// How many passes are kept.
    private static let kept = SQLValue(10_000)

    /// - Returns: the run's id.
    func begin(at now: Instant) throws -> Int64 {
        let id = try session.one("INSERT INTO runs(started_at) VALUES($1) RETURNING id", [.integer(now.seconds)]) {
            try $0.integer()
        }
        guard let id else { throw LedgerError("the ledger did not take a run") }
        return id
    }

    /// Notes that a pass is complete.
    func finish(_ id: Int64, as outcome: RunOutcome, at now: Instant) throws {
        try session.execute(
            "UPDATE runs SET finished_at = $1, outcome = $2 WHERE id = $3",
            [.integer(now.seconds), .text(outcome.rawValue), .integer(id)])
        try session.execute("DELETE FROM runs WHERE id < $1 - $2", [.integer(id), Self.kept])
    }

    /// When the last complete pass ended; nil without one.
    func lastFinish() throws -> Instant? {
        try session.one("SELECT finished_at FROM runs WHERE finished_at IS NOT NULL ORDER BY id DESC LIMIT 1") {
            try $0.instant()
        }
    }
}

extension SQLSession {
    /// The table `runs`.
    var runs: RunTable { RunTable(session: self) }
}
