import Certificates

/// Reads what verification holds against certificates and lists.
struct FlawReader {
    let session: any SQLSession

    /// Only what a place shows now has a judgement.
    private static let watchedFlaws: SQLText = """
        SELECT f.fingerprint, f.code, f.message FROM flaws f
        JOIN judgements j ON j.registration = f.registration AND j.fingerprint = f.fingerprint
        """

    /// Of all that are watched.
    func flaws() throws -> [Fingerprint: [Judgement.Flaw]] {
        grouped(try session.query("\(Self.watchedFlaws) ORDER BY f.fingerprint, f.code, f.registration", [], flaw))
    }

    /// Of one.
    func flaws(of fingerprint: Fingerprint) throws -> [Judgement.Flaw] {
        try session.query(
            "\(Self.watchedFlaws) WHERE f.fingerprint = $1 ORDER BY f.code, f.registration",
            [.blob(fingerprint.bytes)], flaw
        ).compactMap { $0?.flaw }
    }

    private func grouped(
        _ flaws: [(fingerprint: Fingerprint, flaw: Judgement.Flaw)?]
    ) -> [Fingerprint: [Judgement.Flaw]] {
        var grouped: [Fingerprint: [Judgement.Flaw]] = [:]
        for case let found? in flaws { grouped[found.fingerprint, default: []].append(found.flaw) }
        return grouped
    }

    /// nil for a code of a newer release.
    private func flaw(from row: any SQLRow) -> (fingerprint: Fingerprint, flaw: Judgement.Flaw)? {
        guard let fingerprint = row.blob(0).flatMap(Fingerprint.init(bytes:)),
            let code = row.text(1).flatMap(FindingCode.init(rawValue:))
        else { return nil }
        return (fingerprint, Judgement.Flaw(code: code, message: row.text(2) ?? ""))
    }
}
