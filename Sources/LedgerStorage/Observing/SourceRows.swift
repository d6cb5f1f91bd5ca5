import Certificates
import ExpiryRules

/// A source with its row's id.
struct StoredSource {
    let id: Int64
    let key: SourceKey
}

/// The sources that were looked at, in rows.
struct SourceRows {
    let session: any SQLSession

    func source(_ key: SourceKey) throws -> StoredSource? {
        try session.first(
            "SELECT id FROM sources WHERE kind = $1 AND registration = $2 AND place = $3",
            [.text(key.kind.rawValue), .text(key.registration), .text(key.place)]
        ) { StoredSource(id: $0.integer(0) ?? 0, key: key) }
    }

    func sourceOrNew(_ key: SourceKey) throws -> StoredSource {
        if let known = try source(key) { return known }
        try session.execute(
            "INSERT INTO sources(kind, registration, place) VALUES($1, $2, $3)",
            [.text(key.kind.rawValue), .text(key.registration), .text(key.place)])
        guard let new = try source(key) else { throw LedgerError("the ledger lost a row that it has just written") }
        return new
    }

    /// Counts one recording of `source`.
    ///
    /// - Throws: `StaleObservation` when something was recorded since `revision`; nil asks for nothing.
    func advance(_ source: StoredSource, from revision: SourceRevision?) throws {
        let condition: SQLText = revision == nil ? "" : "AND revision = $2"
        let advanced = try session.execute(
            "UPDATE sources SET revision = revision + 1 WHERE id = $1 \(condition)",
            [.integer(source.id)] + (revision.map { [.integer($0.number)] } ?? []))
        guard advanced == 1 else { throw StaleObservation() }
    }

    func revision(_ key: SourceKey) throws -> SourceRevision {
        let number = try session.first(
            "SELECT revision FROM sources WHERE kind = $1 AND registration = $2 AND place = $3",
            [.text(key.kind.rawValue), .text(key.registration), .text(key.place)]
        ) { $0.integer(0) ?? 0 }
        return SourceRevision(number: number ?? 0)
    }

    func all() throws -> [StoredSource] {
        try session.query("SELECT id, kind, registration, place FROM sources ORDER BY id") { row in
            StoredSource(
                id: row.integer(0) ?? 0,
                key: SourceKey(
                    kind: row.text(1).flatMap(SourceKey.Kind.init(rawValue:)) ?? .file,
                    registration: row.text(2) ?? "", place: row.text(3) ?? ""))
        }
    }

    /// Counts a pass that found trouble at `source`, or ends the count.
    ///
    /// - Returns: how many passes in a row have found trouble.
    func countFailures(of source: StoredSource, isTroubled: Bool) throws -> Int {
        let failures = try session.first(
            "UPDATE sources SET failures = CASE WHEN $1 = 1 THEN failures + 1 ELSE 0 END WHERE id = $2 RETURNING failures",
            [.integer(isTroubled ? 1 : 0), .integer(source.id)]
        ) { $0.integer(0) ?? 0 }
        return Int(failures ?? 0)
    }

    func markRead(_ source: StoredSource, at now: Instant) throws {
        try session.execute(
            "UPDATE sources SET read_at = $1 WHERE id = $2", [.integer(now.seconds), .integer(source.id)])
    }
}
