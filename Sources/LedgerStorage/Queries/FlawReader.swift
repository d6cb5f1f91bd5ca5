import Certificates
import ExpiryRules

/// Reads the flaws that verification found in certificates and lists.
struct FlawReader {
    let session: any SQLSession

    /// The flaws of objects with a judgement, which only objects that a place shows now have.
    private static let watchedFlaws: SQLText = """
        SELECT c.fingerprint, f.code, f.message, f.facts FROM flaws f
        JOIN judgements j ON j.registration = f.registration AND j.certificate_id = f.certificate_id
        JOIN certificates c ON c.id = f.certificate_id
        """

    /// The flaws of all watched objects.
    func flaws() throws -> [Fingerprint: [Judgement.Flaw]] {
        let found = try session.all(
            "\(Self.watchedFlaws) ORDER BY f.certificate_id, f.code, f.registration", [], Self.flaw)
        return Dictionary(grouping: found, by: \.fingerprint).mapValues { $0.map(\.flaw) }
    }

    /// The flaws of one object.
    func flaws(of fingerprint: Fingerprint) throws -> [Judgement.Flaw] {
        try session.all(
            "\(Self.watchedFlaws) WHERE c.fingerprint = $1 ORDER BY f.code, f.registration",
            [.blob(fingerprint.bytes)], Self.flaw
        ).map(\.flaw)
    }

    /// The objects of a registration that have a flaw, the new ones first.
    func bearers(of code: FindingCode, in registration: String) throws -> [(bearer: FlawBearer, isNews: Bool)] {
        try session.all(
            """
            SELECT f.message, f.facts, f.is_news, s.kind, s.registration, o.path, min(o.position), \(ObjectRows.nameColumns)
            FROM flaws f JOIN certificates c ON c.id = f.certificate_id
            JOIN observations o ON o.certificate_id = f.certificate_id AND o.ended_at IS NULL
            JOIN sources s ON s.id = o.source_id AND s.registration = f.registration
            WHERE f.registration = $1 AND f.code = $2 GROUP BY f.certificate_id ORDER BY f.is_news DESC, o.path, c.subject
            """, [.text(registration), .text(code.rawValue)]
        ) { row in
            let (flaws, isNews) = (try row.flawFacts(), try row.flag())
            let place = try row.location().description
            return (FlawBearer(name: try row.objectName(), place: place, flaws: flaws), isNews)
        }
    }

    private static func flaw(
        from row: inout RowReader
    ) throws -> (fingerprint: Fingerprint, flaw: Judgement.Flaw) {
        let (fingerprint, code) = (try row.fingerprint(), try row.value(FindingCode.self))
        return (fingerprint, Judgement.Flaw(code: code, facts: try row.flawFacts()))
    }
}
