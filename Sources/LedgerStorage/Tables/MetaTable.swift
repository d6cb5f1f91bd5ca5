/// The only writer of `meta`: single values that outlive a run.
struct MetaTable {
    let session: any SQLSession

    /// Names of values. Raw values stand in the ledger.
    enum Key: String, CaseIterable {
        /// What the clocks said last.
        case clock
        /// When something was last taken back that a clock which ran ahead had told: without one nothing waits for that.
        case lastWithdrawal = "withdrew"
        /// A digest of the routes.
        case routes
        /// A digest of the thresholds.
        case thresholds
        /// When the past was last swept.
        case swept
        /// For how long a receiver may take nothing.
        case unreachableAfter = "unreachable_after"
    }

    /// nil where nothing is remembered.
    func value(_ key: Key) throws -> String? { try value(named: key.rawValue) }

    /// Remembers a value.
    func set(_ key: Key, to value: String) throws { try set(named: key.rawValue, to: value) }

    /// What was said last on an occasion; nil where nothing was.
    func remarks(on occasion: String) throws -> String? { try value(named: "said by \(occasion)") }

    /// Remembers what was said on an occasion.
    func setRemarks(_ text: String, on occasion: String) throws { try set(named: "said by \(occasion)", to: text) }

    private func value(named name: String) throws -> String? {
        try session.one("SELECT value FROM meta WHERE name = $1", [.text(name)]) { try $0.text() }
    }

    private func set(named name: String, to value: String) throws {
        try session.execute(
            "INSERT INTO meta(name, value) VALUES($1, $2) ON CONFLICT(name) DO UPDATE SET value = $2",
            [.text(name), .text(value)])
    }
}

extension SQLSession {
    /// The table `meta`.
    var meta: MetaTable { MetaTable(session: self) }
}
