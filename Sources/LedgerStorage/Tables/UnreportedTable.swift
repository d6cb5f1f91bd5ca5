/// The only writer of `unreported`: registrations whose certificates or verdicts changed since their findings were last
/// computed. If a run crashes before that, the next run computes them.
struct UnreportedTable {
    let session: any SQLSession

    /// Notes that the findings of a registration must be computed again.
    func mark(_ registration: String) throws {
        try session.execute(
            "INSERT INTO unreported(registration) VALUES($1) ON CONFLICT DO NOTHING", [.text(registration)])
    }

    /// Notes that the findings of a registration are computed.
    ///
    /// - Returns: whether the registration was marked.
    func clear(_ registration: String) throws -> Bool {
        try session.execute("DELETE FROM unreported WHERE registration = $1", [.text(registration)]) > 0
    }
}

extension SQLSession {
    /// The table `unreported`.
    var unreported: UnreportedTable { UnreportedTable(session: self) }
}
