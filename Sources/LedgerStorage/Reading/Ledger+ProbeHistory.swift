extension Ledger {
    /// How much is kept of an endpoint's past: single rounds, hours, and the rounds that the hours sum up.
    package func probeHistorySize(of endpoint: String) async throws -> (rounds: Int, hours: Int, hourlyRounds: Int) {
        try await engine.read { session in
            let rounds = try session.first(
                "SELECT COUNT(*) FROM probes WHERE endpoint = $1", [.text(endpoint)]
            ) { $0.integer(0) ?? 0 }
            let hours = try session.first(
                "SELECT COUNT(*), COALESCE(SUM(rounds), 0) FROM probe_hours WHERE endpoint = $1", [.text(endpoint)]
            ) { ($0.integer(0) ?? 0, $0.integer(1) ?? 0) }
            return (Int(rounds ?? 0), Int(hours?.0 ?? 0), Int(hours?.1 ?? 0))
        }
    }
}
