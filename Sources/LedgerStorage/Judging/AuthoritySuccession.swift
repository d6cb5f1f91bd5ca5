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
        let dependents = try namesOfDependents()
        let rows = try session.query(
            """
            SELECT j.fingerprint, j.successor, (
                SELECT n.fingerprint FROM certificates n JOIN observations o ON o.fingerprint = n.fingerprint
                JOIN sources s ON s.id = o.source_id
                WHERE s.registration = j.registration AND o.ended_at IS NULL AND n.is_ca = 1
                    AND n.subject = c.subject AND n.not_after > c.not_after AND n.not_before <= $2
                ORDER BY n.not_after DESC, n.fingerprint LIMIT 1)
            FROM judgements j JOIN certificates c ON c.fingerprint = j.fingerprint
            WHERE j.registration = $1 AND c.kind = 'certificate' AND c.is_ca = 1
            """, [.text(registration), .integer(now.seconds)]
        ) { row in (0...2).map { row.blob($0).flatMap(Fingerprint.init(bytes:)) } }
        return try rows.compactMap { row in
            guard let fingerprint = row[0] else { return nil }
            let heir = try row[2].flatMap { try isNeeded(fingerprint, by: dependents) ? nil : $0 }
            return heir == row[1] ? nil : (fingerprint, heir)
        }
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
