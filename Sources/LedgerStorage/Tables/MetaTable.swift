/// The only writer of `meta`: single values that outlive a run.
struct MetaTable {
    let session: any SQLSession

    /// Names of values. The ledger stores the raw values.
    enum Key: String, CaseIterable {
        /// The last reading of the clocks.
        case clock
        /// When notices of a clock that ran ahead were last withdrawn. Without one, `ClockPrecedence` makes no stage
        /// wait.
        case lastWithdrawal = "withdrew"
        /// A digest of the routes.
        case routes
        /// A digest of the thresholds.
        case thresholds
        /// The time of the last retention sweep.
        case swept
        /// How long a receiver may accept nothing before it counts as unreachable, in seconds.
        case unreachableAfter = "unreachable_after"
    }

    /// nil if no value is stored.
    func value(_ key: Key) throws -> String? { try value(named: key.rawValue) }

    /// Stores a value.
    func set(_ key: Key, to value: String) throws { try set(named: key.rawValue, to: value) }

    /// The last remarks on an occasion; nil without any.
    func remarks(on occasion: String) throws -> String? { try value(named: "said by \(occasion)") }

    /// Stores the remarks on an occasion.
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
