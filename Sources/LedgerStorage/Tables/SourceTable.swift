import Certificates
import ExpiryRules

/// A source with its row's id.
struct StoredSource {
    let id: Int64
    let key: SourceKey
}

/// The only writer of `sources`.
struct SourceTable {
    let session: any SQLSession

    /// nil for a source that was never read.
    func source(_ key: SourceKey) throws -> StoredSource? {
        try session.one(
            "SELECT id FROM sources WHERE kind = $1 AND registration = $2 AND place = $3", Self.values(of: key)
        ) { StoredSource(id: try $0.integer(), key: key) }
    }

    /// The source's row. It is inserted if it is missing.
    func sourceOrNew(_ key: SourceKey) throws -> StoredSource {
        if let known = try source(key) { return known }
        try session.execute("INSERT INTO sources(kind, registration, place) VALUES($1, $2, $3)", Self.values(of: key))
        guard let new = try source(key) else { throw LedgerError("the ledger lost a row that it has just written") }
        return new
    }

    /// Counts one recording of `source`.
    ///
    /// - Throws: `StaleObservation` when the source was recorded since `revision`; nil skips the check.
    func advance(_ source: StoredSource, from revision: SourceRevision?) throws {
        let advanced = try session.execute(
            "UPDATE sources SET revision = revision + 1 WHERE id = $1 AND revision = coalesce($2, revision)",
            [.integer(source.id), SQLValue(revision?.number)])
        guard advanced == 1 else { throw StaleObservation() }
    }

    /// How often a source was recorded.
    func revision(_ key: SourceKey) throws -> SourceRevision {
        let number = try session.one(
            "SELECT revision FROM sources WHERE kind = $1 AND registration = $2 AND place = $3", Self.values(of: key)
        ) { try $0.integer() }
        return SourceRevision(number: number ?? 0)
    }

    /// All stored sources.
    func all() throws -> [StoredSource] {
        try session.all("SELECT id, kind, registration, place FROM sources ORDER BY id") { row in
            StoredSource(
                id: try row.integer(),
                key: SourceKey(kind: try row.value(), registration: try row.text(), place: try row.text()))
        }
    }

    /// Counts a pass with trouble at `source`, or resets the count.
    ///
    /// - Returns: the number of consecutive passes with trouble.
    func countFailures(of source: StoredSource, isTroubled: Bool) throws -> Int {
        try session.one(
            "UPDATE sources SET failures = CASE WHEN $1 = 1 THEN failures + 1 ELSE 0 END WHERE id = $2 RETURNING failures",
            [.integer(isTroubled ? 1 : 0), .integer(source.id)]
        ) { try $0.count() } ?? 0
    }

    /// Notes that a pass read the whole source.
    func markRead(_ source: StoredSource, at now: Instant) throws {
        try session.execute(
            "UPDATE sources SET read_at = $1 WHERE id = $2", [.integer(now.seconds), .integer(source.id)])
    }

    private static func values(of key: SourceKey) -> [SQLValue] {
        [.text(key.kind.rawValue), .text(key.registration), .text(key.place)]
    }
}

extension SQLSession {
    /// The table `sources`.
    var sources: SourceTable { SourceTable(session: self) }
}
