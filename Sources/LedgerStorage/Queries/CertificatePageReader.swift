import Certificates
import ExpiryRules

extension Ledger {
    /// Reads one page of what is watched now. Its cost depends on the page and on how many entries are left out before
    /// it is full, and not on the size of the ledger.
    ///
    /// - Parameters:
    ///   - selection: what to show, and where to begin.
    ///   - takes: whether to show an entry; for conditions that depend on the configuration, such as its state.
    /// - Returns: the entries and what follows.
    /// - Throws: `LedgerError`.
    package func page(
        _ selection: PageSelection, where takes: @escaping @Sendable (PageEntry) -> Bool = { _ in true }
    ) async throws -> CertificatePage {
        try await engine.read { try CertificatePageReader(session: $0, selection: selection).page(where: takes) }
    }
}

/// Reads certificates and lists in the order of their ends by two indexes: one of the certificates' own ends, and one of
/// the early ends of judgements.
struct CertificatePageReader {
    let session: any SQLSession
    let selection: PageSelection

    /// The largest number of candidates of one statement.
    private static let largestStep = 2_000

    /// A place in the indexes.
    private struct Cursor: Comparable {
        /// Before all others, for the first page.
        static let beginning = Cursor(seconds: .min, id: 0)

        let seconds: Int64
        let id: Int64

        static func < (left: Cursor, right: Cursor) -> Bool { (left.seconds, left.id) < (right.seconds, right.id) }
    }

    private struct Candidate {
        let cursor: Cursor
        let position: ExpiryPosition
        /// Whether the registrations and the text of the selection match.
        let isSelected: Bool
    }

    func page(where takes: (PageEntry) -> Bool) throws -> CertificatePage {
        var entries: [PageEntry] = []
        var (last, searched, step) = (selection.after, 0, selection.limit + 1)
        var cursor = try selection.after.map(self.cursor) ?? .beginning
        while searched < selection.budget {
            let candidates = try candidates(after: cursor, limit: step)
            for entry in try self.entries(at: candidates.filter(\.isSelected).map(\.position)) where takes(entry) {
                guard entries.count < selection.limit else {
                    let end = entries.last?.position ?? entry.position
                    return CertificatePage(entries: entries, rest: .page(after: end))
                }
                entries.append(entry)
            }
            guard candidates.count == step, let end = candidates.last else {
                return CertificatePage(entries: entries, rest: .nothing)
            }
            (last, searched, step) = (end.position, searched + step, min(step * 4, Self.largestStep))
            cursor = end.cursor
        }
        return CertificatePage(entries: entries, rest: last.map { .unsearched(after: $0) } ?? .nothing)
    }

    /// The place of a position. That of an unknown fingerprint is after all that end in the same second.
    private func cursor(at position: ExpiryPosition) throws -> Cursor {
        let ids = try session.objects.ids(of: [position.fingerprint])
        return Cursor(seconds: position.seconds, id: ids[position.fingerprint] ?? .max)
    }

    /// The next ones in the order, `limit` at most.
    private func candidates(after cursor: Cursor, limit: Int) throws -> [Candidate] {
        let parameters: [SQLValue] = [
            .integer(cursor.seconds), .integer(cursor.id), .integer(selection.until?.seconds ?? .max), SQLValue(limit),
            selection.registrations.map { .list(texts: $0) } ?? .null, .text(pattern),
        ]
        var found = try session.all(Self.ownEnds, parameters, Self.candidate)
        found += try session.all(Self.earlyEnds, parameters, Self.candidate)
        if cursor.seconds <= ExpiryPosition.unreadable {
            found += try session.all(Self.unreadableEnds, parameters, Self.candidateWithUnreadableEnd)
        }
        found.sort { $0.cursor < $1.cursor }
        return Array(found.prefix(limit))
    }

    private static func candidateWithUnreadableEnd(from row: inout RowReader) throws -> Candidate {
        try candidate(endingAt: ExpiryPosition.unreadable, from: &row)
    }

    /// The pattern of the text for LIKE; empty for any.
    private var pattern: String {
        guard !selection.text.isEmpty else { return "" }
        let text = selection.text.replacing("\\", with: "\\\\").replacing("%", with: "\\%").replacing("_", with: "\\_")
        return "%\(text)%"
    }

    private static func candidate(from row: inout RowReader) throws -> Candidate {
        try candidate(endingAt: row.integer(), from: &row)
    }

    private static func candidate(endingAt seconds: Int64, from row: inout RowReader) throws -> Candidate {
        let cursor = Cursor(seconds: seconds, id: try row.integer())
        let position = ExpiryPosition(seconds: seconds, fingerprint: try row.fingerprint())
        return Candidate(cursor: cursor, position: position, isSelected: try row.flag())
    }

    /// Whether the selection takes the certificate `c`. It is a column, so that the limit also bounds the rows that it
    /// leaves out.
    private static let isSelected: SQLText = """
        ($5 IS NULL OR EXISTS (
            SELECT 1 FROM observations o CROSS JOIN sources s WHERE o.certificate_id = c.id AND o.ended_at IS NULL
                AND s.id = o.source_id AND s.registration IN (\(SQLList.elements(of: "$5"))))
            ) AND ($6 = '' OR lower(c.subject) LIKE lower($6) ESCAPE '\\' OR lower(c.issuer) LIKE lower($6) ESCAPE '\\'
                OR lower(c.subject_alternative_names) LIKE lower($6) ESCAPE '\\')
        """

    private static let hasNoEarlyEnd: SQLText = """
        NOT EXISTS (
            SELECT 1 FROM judgements j WHERE j.certificate_id = c.id AND j.expires_at IS NOT NULL
                AND j.successor IS NULL)
        """

    private static let ownEnds: SQLText = """
        SELECT c.not_after, c.id, c.fingerprint, \(isSelected) FROM certificates c
        WHERE c.ended_at IS NULL AND c.not_after >= $1 AND (c.not_after, c.id) > ($1, $2)
            AND c.not_after <= $3 AND \(hasNoEarlyEnd)
        ORDER BY c.not_after, c.id LIMIT $4
        """

    /// Those with an unreadable date, which come before all others: it is unknown when they stop working.
    private static let unreadableEnds: SQLText = """
        SELECT c.id, c.fingerprint, \(isSelected) FROM certificates c
        WHERE c.ended_at IS NULL AND c.not_after IS NULL AND c.id > $2 AND $1 <= $3 AND \(hasNoEarlyEnd)
        ORDER BY c.id LIMIT $4
        """

    /// Several registrations can have a different early end for one certificate. The earliest counts.
    private static let earlyEnds: SQLText = """
        SELECT j.expires_at, j.certificate_id, c.fingerprint, \(isSelected)
        FROM judgements j CROSS JOIN certificates c
        WHERE j.expires_at IS NOT NULL AND j.successor IS NULL AND j.expires_at >= $1 AND j.expires_at <= $3
            AND (j.expires_at, j.certificate_id) > ($1, $2) AND c.id = j.certificate_id AND c.ended_at IS NULL
            AND NOT EXISTS (
                SELECT 1 FROM judgements k WHERE k.certificate_id = j.certificate_id AND k.expires_at IS NOT NULL
                    AND k.successor IS NULL AND (k.expires_at, k.registration) < (j.expires_at, j.registration))
        ORDER BY j.expires_at, j.certificate_id LIMIT $4
        """

    /// The facts of the certificates and lists at these positions, in their order.
    private func entries(at positions: [ExpiryPosition]) throws -> [PageEntry] {
        guard !positions.isEmpty else { return [] }
        let fingerprints = SQLValue.list(positions.map(\.fingerprint))
        let objects = try session.all(
            """
            SELECT \(ObjectRows.columns) FROM (\(SQLList.fingerprints(of: "$1"))) f
            CROSS JOIN certificates c ON c.fingerprint = f.fingerprint
            """, [fingerprints]
        ) { try $0.object() }
        let places = Dictionary(objects.map { ($0.fingerprint, $0) }, uniquingKeysWith: { first, _ in first })
        var entries: [Fingerprint: PageEntry] = [:]
        for position in positions {
            guard let object = places[position.fingerprint] else { continue }
            entries[position.fingerprint] = PageEntry(object: object, position: position)
        }
        try addStandings(to: &entries, at: fingerprints)
        try addFlaws(to: &entries, at: fingerprints)
        return positions.compactMap { entries[$0.fingerprint] }
    }

    private func addStandings(to entries: inout [Fingerprint: PageEntry], at fingerprints: SQLValue) throws {
        let sightings = try session.all(
            """
            SELECT c.fingerprint, s.registration, count(*), j.successor IS NOT NULL, j.expires_at, a.kind, a.fingerprint,
                a.subject, l.not_after, l.kind, l.fingerprint, l.subject
            FROM (\(CertificateID.rowsInSQL(of: "$1"))) c
            CROSS JOIN observations o ON o.certificate_id = c.id AND o.ended_at IS NULL
            CROSS JOIN sources s ON s.id = o.source_id
            LEFT JOIN judgements j ON j.registration = s.registration AND j.certificate_id = c.id
            LEFT JOIN certificates a ON a.id = j.culprit_id
            LEFT JOIN certificates l ON l.id = j.list_id
            GROUP BY c.id, c.fingerprint, s.registration, j.successor, j.expires_at, a.kind, a.fingerprint, a.subject,
                l.not_after, l.kind, l.fingerprint, l.subject
            ORDER BY c.id, s.registration
            """, [fingerprints]
        ) { row in
            (
                fingerprint: try row.fingerprint(), registration: try row.text(), places: try row.count(),
                isReplaced: try row.flag(), authority: try row.earlyEnd(), list: try row.earlyEnd()
            )
        }
        for sighting in sightings {
            entries[sighting.fingerprint]?.watchers.append(sighting.registration)
            entries[sighting.fingerprint]?.places += sighting.places
            guard !sighting.isReplaced else { continue }
            entries[sighting.fingerprint]?.standing.add(
                watcher: sighting.registration, authority: sighting.authority, revocationList: sighting.list)
        }
    }

    private func addFlaws(to entries: inout [Fingerprint: PageEntry], at fingerprints: SQLValue) throws {
        let flaws = try session.all(
            """
            SELECT c.fingerprint, x.code, min(x.message), min(x.facts) FROM (\(CertificateID.rowsInSQL(of: "$1"))) c
            CROSS JOIN judgements j ON j.certificate_id = c.id
            CROSS JOIN flaws x ON x.registration = j.registration AND x.certificate_id = c.id
            GROUP BY c.id, c.fingerprint, x.code ORDER BY c.id, x.code
            """, [fingerprints]
        ) { row in
            let fingerprint = try row.fingerprint()
            return (fingerprint, Judgement.Flaw(code: try row.value(), facts: try row.flawFacts()))
        }
        for (fingerprint, flaw) in flaws { entries[fingerprint]?.flaws.append(flaw) }
    }
}
