/// The only writer of `unreported`: registrations whose certificates or verdicts changed since their findings were last worked
/// out. A run that dies before it has done that leaves them to the next one.
struct UnreportedTable {
    let session: any SQLSession

    /// The findings of a registration have to be worked out anew.
    func mark(_ registration: String) throws {
        try session.execute(
            "INSERT INTO unreported(registration) VALUES($1) ON CONFLICT DO NOTHING", [.text(registration)])
    }

    /// The findings of a registration are worked out now.
    ///
    /// - Returns: whether they had to be.
    func clear(_ registration: String) throws -> Bool {
        try session.execute("DELETE FROM unreported WHERE registration = $1", [.text(registration)]) > 0
    }
}

extension SQLSession {
    /// The table `unreported`.
    var unreported: UnreportedTable { UnreportedTable(session: self) }
}
