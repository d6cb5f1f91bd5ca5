/// Sums over the single rounds of an endpoint's probes.
enum ProbeSums {
    /// The sums of each hour, up to the WHERE clause. Times include only good rounds, since a bad round may end at any
    /// step. Only the slowest time is over all rounds.
    static let hourlyInSQL: SQLText = """
        SELECT probed_at / 3600 * 3600 AS hour, COUNT(*) AS rounds, SUM(is_good) AS good,
            SUM(is_good * COALESCE(dns_ms, 0)) AS dns_ms, SUM(is_good * COALESCE(connect_ms, 0)) AS connect_ms,
            SUM(is_good * COALESCE(tls_ms, 0)) AS tls_ms, SUM(is_good * COALESCE(first_byte_ms, 0)) AS first_byte_ms,
            SUM(is_good * total_ms) AS total_ms, MAX(total_ms) AS slowest_ms
        FROM probes
        """
}
