import Certificates

/// Reads the CAs of a registration.
struct AuthorityReader {
    let session: any SQLSession
    let registration: String

    /// A CA with a verdict.
    struct Verified {
        let fingerprint: Fingerprint
        let subject: String
        let notAfter: Instant?
        /// The recorded CA that has replaced it; nil for none.
        let successor: Fingerprint?
    }

    /// The CAs with a verdict.
    func verified() throws -> [Verified] {
        try session.all(
            """
            SELECT c.fingerprint, c.subject, c.not_after, j.successor FROM certificates c
            CROSS JOIN judgements j ON j.registration = $1 AND j.certificate_id = c.id
            WHERE c.is_ca = 1 AND c.kind = 'certificate'
            """, [.text(registration)]
        ) { row in
            Verified(
                fingerprint: try row.fingerprint(), subject: try row.text(), notAfter: row.optionalInstant(),
                successor: try row.optionalFingerprint())
        }
    }

    /// For each name, the CA with the latest notAfter among those that the registration's places show and that are
    /// valid already.
    func candidates(at now: Instant) throws -> [String: (fingerprint: Fingerprint, notAfter: Instant)] {
        let found = try session.all(
            """
            SELECT DISTINCT c.fingerprint, c.subject, c.not_after FROM certificates c
            CROSS JOIN observations o ON o.certificate_id = c.id AND o.ended_at IS NULL
            CROSS JOIN sources s ON s.id = o.source_id
            WHERE c.is_ca = 1 AND s.registration = $1 AND c.not_after IS NOT NULL AND c.not_before <= $2
            ORDER BY c.not_after, c.fingerprint DESC
            """, [.text(registration), .integer(now.seconds)]
        ) { (fingerprint: try $0.fingerprint(), subject: try $0.text(), notAfter: try $0.instant()) }
        return Dictionary(
            found.map { ($0.subject, ($0.fingerprint, $0.notAfter)) }, uniquingKeysWith: { $1 })
    }
}
