import Certificates

/// When the next stage of a certificate or revocation list begins.
package struct NextDecision: Hashable, Sendable {
    package let dueAt: Instant
    /// What people call it.
    package let name: String
}

/// Reads which stages begin next.
struct NextDecisionReader {
    let session: any SQLSession

    /// The soonest first, `limit` at most.
    func decisions(after now: Instant, limit: Int) throws -> [NextDecision] {
        try session.all(
            """
            SELECT c.next_due, \(ObjectRows.nameColumns) FROM certificates c WHERE c.next_due > $1
            ORDER BY c.next_due LIMIT $2
            """, [.integer(now.seconds), SQLValue(limit)]
        ) { row in
            let dueAt = try row.instant()
            return NextDecision(dueAt: dueAt, name: try row.objectName())
        }
    }
}
