import Certificates
import ExpiryRules

/// Reads the watched certificates and revocation lists, one row at a time.
struct WatchedReader {
    let session: any SQLSession

    private static let items = items(withID: "")

    private static func items(withID id: SQLText) -> SQLText {
        """
        SELECT \(id)\(ObjectRows.columns), s.kind, s.registration, o.path, o.position, s.registration, o.absent_since,
            o.last_used, j.expires_at, a.kind, a.fingerprint, a.subject, l.not_after, l.kind, l.fingerprint, l.subject,
            j.successor
        FROM observations o JOIN sources s ON s.id = o.source_id JOIN certificates c ON c.id = o.certificate_id
        LEFT JOIN judgements j ON j.registration = s.registration AND j.certificate_id = o.certificate_id
        LEFT JOIN certificates a ON a.id = j.culprit_id
        LEFT JOIN certificates l ON l.id = j.list_id
        WHERE o.ended_at IS NULL
        """
    }

    /// All places of all objects, the latest expiry first.
    func latestFirst(_ body: (WatchedItem) throws -> Void) throws {
        try forEachItem(
            "\(Self.items) ORDER BY coalesce(j.expires_at, c.not_after) DESC, o.path, o.position", [], body)
    }

    /// The places of the objects that expire first, the earliest expiry first. What has no expiry comes last.
    func soonestFirst(atMost limit: Int, _ body: (WatchedItem) throws -> Void) throws {
        try forEachItem(
            "\(Self.items) ORDER BY coalesce(j.expires_at, c.not_after, $1), o.path, o.position, s.registration LIMIT $2",
            [.integer(Instant.noWellDefinedExpiry.seconds), SQLValue(limit)], body)
    }

    /// Places with a greater row id, in its order. The first column is the id.
    func page(after id: Int64, limit: Int) throws -> [(cursor: Int64, item: WatchedItem)] {
        try session.all(
            "\(Self.items(withID: "o.id, ")) AND o.id > $1 ORDER BY o.id LIMIT $2", [.integer(id), SQLValue(limit)]
        ) { row in (try row.integer(), try Self.item(from: &row)) }
    }

    private func forEachItem(
        _ sql: SQLText, _ parameters: [SQLValue], _ body: (WatchedItem) throws -> Void
    ) throws {
        try session.forEachRow(sql, parameters) { row in
            var row = RowReader(row, of: sql)
            try body(try Self.item(from: &row))
            return true
        }
    }

    private static func item(from row: inout RowReader) throws -> WatchedItem {
        let (object, location) = (try row.object(), try row.location())
        let (registration, absentSince) = (try row.text(), row.optionalInstant())
        let lastUsed = row.optionalInstant()
        let (earlyEnd, list) = (try row.earlyEnd(), try row.earlyEnd())
        return WatchedItem(
            object: object, registration: registration, earlyEnd: earlyEnd, revocationList: list,
            location: location, absentSince: absentSince, lastUsed: lastUsed, isNeeded: row.optionalBlob() == nil)
    }

    /// Each watched object once, with what all of its registrations say of it. Only the facts that a state depends on are
    /// read.
    ///
    /// - Parameters:
    ///   - fingerprints: of the objects; nil for all.
    ///   - body: gets them in the order in which they were seen first.
    /// - Throws: `LedgerError`, or what `body` throws.
    func forEachStanding(
        of fingerprints: Set<Fingerprint>? = nil, _ body: (WatchedStanding) throws -> Void
    ) throws {
        let isWanted: SQLText =
            fingerprints == nil ? "" : "AND o.certificate_id IN (\(CertificateID.allInSQL(of: "$1")))"
        let sql: SQLText = """
            SELECT c.fingerprint, c.kind, c.not_before, c.not_after, s.registration,
                j.expires_at, a.kind, a.fingerprint, a.subject, l.not_after, l.kind, l.fingerprint, l.subject, j.successor
            FROM observations o JOIN sources s ON s.id = o.source_id JOIN certificates c ON c.id = o.certificate_id
            LEFT JOIN judgements j ON j.registration = s.registration AND j.certificate_id = o.certificate_id
            LEFT JOIN certificates a ON a.id = j.culprit_id
            LEFT JOIN certificates l ON l.id = j.list_id
            WHERE o.ended_at IS NULL \(isWanted) ORDER BY o.certificate_id, s.registration
            """
        var current: WatchedStanding?
        try session.forEachRow(sql, fingerprints.map { [.list($0)] } ?? []) { row in
            var row = RowReader(row, of: sql)
            let (fingerprint, kind) = (try row.fingerprint(), try row.value(WatchedObject.Kind.self))
            let validity = Validity(notBefore: row.optionalInstant(), notAfter: row.optionalInstant())
            let registration = try row.text()
            let (earlyEnd, list) = (try row.earlyEnd(), try row.earlyEnd())
            let isNeeded = row.optionalBlob() == nil
            if let finished = current, finished.fingerprint != fingerprint {
                try body(finished)
                current = nil
            }
            var standing =
                current
                ?? WatchedStanding(
                    fingerprint: fingerprint, kind: kind, validity: validity, registration: registration)
            if isNeeded {
                standing.standing.add(watcher: registration, authority: earlyEnd, revocationList: list)
            }
            current = standing
            return true
        }
        if let current { try body(current) }
    }
}
