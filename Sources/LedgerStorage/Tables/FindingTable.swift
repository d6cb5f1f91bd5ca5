import Certificates
import ExpiryRules

/// The only writer of `findings`.
struct FindingTable {
    let session: any SQLSession

    /// Identifies a finding.
    struct Key: Hashable {
        let registration: String
        let code: FindingCode
        let place: String

        init(registration: String, code: FindingCode, place: String) {
            self.registration = registration
            self.code = code
            self.place = place
        }

        init(_ finding: Finding) {
            self.init(registration: finding.registration, code: finding.code, place: finding.place)
        }

        var subject: NoticeSubject { .finding(registration: registration, code: code, place: place) }

        fileprivate var values: [SQLValue] { [.text(registration), .text(code.rawValue), .text(place)] }
    }

    /// An open finding.
    struct Open {
        let key: Key
        let episode: Int64
    }

    /// Opens a finding, or updates it if it is open already.
    ///
    /// - Returns: its episode, which is a new one if it was not open.
    func open(_ finding: Finding, at now: Instant) throws -> Int64 {
        let episode = try session.one(
            """
            INSERT INTO findings(registration, code, place, severity, message, facts, first_seen, last_seen, episode)
            VALUES($1, $2, $3, $4, '', $5, $6, $6, 0)
            ON CONFLICT(registration, code, place) DO UPDATE SET
                episode = CASE WHEN findings.closed_at IS NULL THEN findings.episode ELSE findings.episode + 1 END,
                first_seen = CASE WHEN findings.closed_at IS NULL THEN findings.first_seen ELSE $6 END,
                severity = $4, message = '', facts = $5, last_seen = $6, closed_at = NULL
            RETURNING episode
            """,
            try Key(finding).values + [.text(finding.severity.rawValue), .facts(finding.facts), .integer(now.seconds)]
        ) { try $0.integer() }
        guard let episode else { throw LedgerError("the ledger did not take a finding") }
        return episode
    }

    /// Begins a new episode of a finding that is open.
    ///
    /// - Returns: the new episode; nil when it is not open.
    func beginAnew(_ key: Key, at now: Instant) throws -> Int64? {
        try session.one(
            """
            UPDATE findings SET episode = episode + 1, first_seen = $4
            WHERE registration = $1 AND code = $2 AND place = $3 AND closed_at IS NULL RETURNING episode
            """, key.values + [.integer(now.seconds)]
        ) { try $0.integer() }
    }

    /// Closes a finding.
    ///
    /// - Returns: its episode; nil when it was not open.
    func close(_ key: Key, at now: Instant) throws -> Int64? {
        try session.one(
            """
            UPDATE findings SET closed_at = $4
            WHERE registration = $1 AND code = $2 AND place = $3 AND closed_at IS NULL RETURNING episode
            """, key.values + [.integer(now.seconds)]
        ) { try $0.integer() }
    }

    /// Since when a finding is open; nil if it is not.
    func openSince(_ key: Key) throws -> Instant? {
        try session.one(
            "SELECT first_seen FROM findings WHERE registration = $1 AND code = $2 AND place = $3 AND closed_at IS NULL",
            key.values
        ) { try $0.instant() }
    }

    /// How many places or files its last notice covered; nil if that was not stored or the finding is not open.
    func extent(_ key: Key) throws -> Int64? {
        try session.one(
            "SELECT extent FROM findings WHERE registration = $1 AND code = $2 AND place = $3 AND closed_at IS NULL",
            key.values
        ) { $0.optionalInteger() } ?? nil
    }

    /// Stores how many places or files the notice of a finding covered.
    func setExtent(_ extent: Int64, of key: Key) throws {
        try session.execute(
            """
            UPDATE findings SET extent = $4
            WHERE registration = $1 AND code = $2 AND place = $3 AND extent IS NOT $4
            """, key.values + [.integer(extent)])
    }

    /// The places of the open findings with `code` that concern this machine.
    func openPlaces(_ code: FindingCode) throws -> [String] {
        try session.all(
            "SELECT place FROM findings WHERE registration = $1 AND code = $2 AND closed_at IS NULL ORDER BY place",
            [.text(Finding.machine), .text(code.rawValue)]
        ) { try $0.text() }
    }

    /// All open findings.
    func allOpen() throws -> [Open] {
        try session.all("SELECT registration, code, place, episode FROM findings WHERE closed_at IS NULL") { row in
            Open(
                key: Key(registration: try row.text(), code: try row.value(), place: try row.text()),
                episode: try row.integer())
        }
    }
}

extension SQLSession {
    /// The table `findings`.
    var findings: FindingTable { FindingTable(session: self) }
}
