import Certificates
import ExpiryRules

/// Decides which CAs of one registration are needed no longer, inside one transaction.
///
/// Around a renewal a bundle holds the old CA and its successor of the same name. The old one may expire as soon as every
/// registered certificate has a path through another. While no certificate that the CAs issued is registered nobody knows
/// who needs which, and both are watched.
struct AuthoritySuccession {
    let session: any SQLSession
    let registration: String
    let plan: WatchPlan
    let now: Instant

    func settle() throws -> [Int64] {
        let changed = try changes()
        for (fingerprint, successor) in changed {
            try session.execute(
                "UPDATE judgements SET successor = $1 WHERE registration = $2 AND fingerprint = $3",
                [SQLValue(successor?.bytes), .text(registration), .blob(fingerprint.bytes)])
        }
        let standing = StandingWriter(session: session, plan: plan, now: now)
        return try changed.flatMap { try standing.reconsider($0.0) }
    }

    /// The CAs whose successor is another one than is recorded, with the one that it is now.
    private func changes() throws -> [(Fingerprint, Fingerprint?)] {
        let judged = try session.query(
            """
            SELECT c.fingerprint, c.subject, c.not_after, j.successor FROM certificates c
            CROSS JOIN judgements j ON j.registration = $1 AND j.fingerprint = c.fingerprint
            WHERE c.is_ca = 1 AND c.kind = 'certificate'
            """, [.text(registration)]
        ) { row in
            (
                fingerprint: row.blob(0).flatMap(Fingerprint.init(bytes:)), subject: row.text(1) ?? "",
                notAfter: row.integer(2), successor: row.blob(3).flatMap(Fingerprint.init(bytes:))
            )
        }
        guard !judged.isEmpty else { return [] }
        let candidates = try candidates()
        let dependents = try namesOfDependents()
        return try judged.compactMap { authority in
            guard let fingerprint = authority.fingerprint else { return nil }
            var heir = authority.notAfter.flatMap { notAfter in
                candidates[authority.subject].flatMap { $0.notAfter > notAfter ? $0.fingerprint : nil }
            }
            if heir != nil, try isNeeded(fingerprint, by: dependents) { heir = nil }
            return heir == authority.successor ? nil : (fingerprint, heir)
        }
    }

    /// Of the CAs that the registration's places show and that are valid already, the one of each name that ends last.
    private func candidates() throws -> [String: (fingerprint: Fingerprint, notAfter: Int64)] {
        var last: [String: (fingerprint: Fingerprint, notAfter: Int64)] = [:]
        try session.forEachRow(
            """
            SELECT DISTINCT c.fingerprint, c.subject, c.not_after FROM certificates c
            CROSS JOIN observations o ON o.fingerprint = c.fingerprint AND o.ended_at IS NULL
            CROSS JOIN sources s ON s.id = o.source_id
            WHERE c.is_ca = 1 AND s.registration = $1 AND c.not_after IS NOT NULL AND c.not_before <= $2
            ORDER BY c.not_after, c.fingerprint DESC
            """, [.text(registration), .integer(now.seconds)]
        ) { row in
            if let fingerprint = row.blob(0).flatMap(Fingerprint.init(bytes:)) {
                last[row.text(1) ?? ""] = (fingerprint, row.integer(2) ?? 0)
            }
            return true
        }
        return last
    }

    /// Of the registrations whose CA this is, those with certificates that were judged.
    private func namesOfDependents() throws -> [String] {
        try plan.registrations.filter { $0.issuer == registration }.map(\.name).filter { name in
            try session.first("SELECT 1 FROM needs WHERE registration = $1 LIMIT 1", [.text(name)]) { _ in true }
                ?? false
        }
    }

    private func isNeeded(_ fingerprint: Fingerprint, by dependents: [String]) throws -> Bool {
        try dependents.isEmpty
            || dependents.contains { name in
                try session.first(
                    "SELECT 1 FROM needs WHERE registration = $1 AND needed = $2 LIMIT 1",
                    [.text(name), .blob(fingerprint.bytes)]
                ) { _ in true } ?? false
            }
    }
}
