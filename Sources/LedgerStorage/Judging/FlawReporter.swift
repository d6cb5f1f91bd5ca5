import Certificates
import ExpiryRules

/// Turns the flaws of a registration's certificates and lists into its findings: one for each code, whoever has it.
struct FlawReporter {
    let session: any SQLSession
    let registration: String
    let plan: WatchPlan
    let now: Instant

    /// Nothing to report where nothing has changed: what it costs follows the number of certificates.
    func report() throws -> [Int64] {
        let changed = try session.execute("DELETE FROM unreported WHERE registration = $1", [.text(registration)])
        guard changed > 0 else { return [] }
        try recordDuplicates()
        let present = Set(
            try session.query("SELECT DISTINCT code FROM flaws WHERE registration = $1", [.text(registration)]) {
                $0.text(0).flatMap(FindingCode.init(rawValue:))
            }.compactMap(\.self))
        let codes = FindingCode.all(about: .certificate) + FindingCode.all(about: .revocationList)
        let noticeIDs = try codes.flatMap { code in try present.contains(code) ? open(code) : close(code) }
        try session.execute(
            "UPDATE flaws SET is_news = 0 WHERE registration = $1 AND is_news = 1", [.text(registration)])
        return noticeIDs
    }

    private func open(_ code: FindingCode) throws -> [Int64] {
        let bearers = try bearers(of: code)
        let finding = Finding(code, in: registration, place: registration, bearers: bearers.map(\.bearer))
        let findings = FindingWriter(session: session, plan: plan, now: now)
        // Another one that has the flaw is news, also while others have it still.
        let isNews = code.isNewsOfEach && bearers.contains(where: \.isNews)
        return try isNews ? findings.change(to: finding) : findings.open(finding)
    }

    private func close(_ code: FindingCode) throws -> [Int64] {
        try FindingWriter(session: session, plan: plan, now: now)
            .close(registration: registration, code: code, place: registration)
    }

    /// Those that are news first.
    private func bearers(of code: FindingCode) throws -> [(bearer: FlawBearer, isNews: Bool)] {
        try session.query(
            """
            SELECT f.message, f.is_news, s.kind, s.registration, o.path, min(o.position), \(ObjectRows.nameColumns)
            FROM flaws f JOIN certificates c ON c.fingerprint = f.fingerprint
            JOIN observations o ON o.fingerprint = f.fingerprint AND o.ended_at IS NULL
            JOIN sources s ON s.id = o.source_id AND s.registration = f.registration
            WHERE f.registration = $1 AND f.code = $2 GROUP BY f.fingerprint ORDER BY f.is_news DESC, o.path, c.subject
            """, [.text(registration), .text(code.rawValue)]
        ) { row in
            let place = LocationRow.location(from: row, at: 2).description
            let bearer = FlawBearer(name: ObjectRows.name(from: row, at: 6), place: place, message: row.text(0) ?? "")
            return (bearer: bearer, isNews: row.integer(1) == 1)
        }
    }

    /// Certificates of one issuer with one serial number, which RFC 5280 4.1.2.2 forbids: a question about all of them.
    private func recordDuplicates() throws {
        let code = SQLText(FindingCode.duplicateSerialNumber)
        let duplicates: SQLText = """
            SELECT c.issuer, c.serial_number FROM certificates c
            WHERE c.kind = 'certificate' AND EXISTS (
                SELECT 1 FROM observations o JOIN sources s ON s.id = o.source_id
                WHERE o.fingerprint = c.fingerprint AND s.registration = $1 AND o.ended_at IS NULL)
            GROUP BY c.issuer, c.serial_number HAVING count(*) > 1
            """
        try session.execute(
            """
            DELETE FROM flaws WHERE registration = $1 AND code = \(code) AND fingerprint NOT IN (
                SELECT fingerprint FROM certificates WHERE (issuer, serial_number) IN (\(duplicates)))
            """, [.text(registration)])
        try session.execute(
            """
            INSERT INTO flaws(registration, code, fingerprint, message, is_news)
            SELECT DISTINCT $1, \(code), c.fingerprint,
                'another certificate of its issuer has its serial number ' || lower(hex(c.serial_number)), 1
            FROM certificates c JOIN observations o ON o.fingerprint = c.fingerprint AND o.ended_at IS NULL
            JOIN sources s ON s.id = o.source_id AND s.registration = $1
            WHERE (c.issuer, c.serial_number) IN (\(duplicates))
            ON CONFLICT DO NOTHING
            """, [.text(registration)])
    }
}
