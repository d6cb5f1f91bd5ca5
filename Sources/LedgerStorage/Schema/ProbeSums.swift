/// Sums over the single rounds of an endpoint's probes.
enum ProbeSums {
    /// Of each hour, up to its WHERE. Times are those of the good rounds, since a bad one may have ended at any step; only the
    /// slowest is of them all.
    static let hourlyInSQL: SQLText = """
        SELECT probed_at / 3600 * 3600 AS hour, COUNT(*) AS rounds, SUM(is_good) AS good,
            SUM(is_good * COALESCE(dns_ms, 0)) AS dns_ms, SUM(is_good * COALESCE(connect_ms, 0)) AS connect_ms,
            SUM(is_good * COALESCE(tls_ms, 0)) AS tls_ms, SUM(is_good * COALESCE(first_byte_ms, 0)) AS first_byte_ms,
            SUM(is_good * total_ms) AS total_ms, MAX(total_ms) AS slowest_ms
        FROM probes
        """
}
