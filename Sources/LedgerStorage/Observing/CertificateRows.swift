import Certificates
import ExpiryRules

/// The facts of certificates, in rows.
struct CertificateRows {
    let session: any SQLSession

    /// The columns that `certificate(from:)` reads, in its order.
    static let columns = """
        c.fingerprint, c.subject, c.issuer, c.serial_number, c.not_before, c.not_after, c.is_ca, c.signature_algorithm, \
        c.public_key, c.subject_alternative_names, c.lineage_names, c.lineage_public_key
        """
    static let columnCount = 12

    func contains(_ fingerprint: Fingerprint) throws -> Bool {
        try session.first("SELECT 1 FROM certificates WHERE fingerprint = $1", [.blob(fingerprint.bytes)]) { _ in true }
            ?? false
    }

    func certificate(_ fingerprint: Fingerprint) throws -> Certificate? {
        try session.first(
            "SELECT \(Self.columns) FROM certificates c WHERE c.fingerprint = $1", [.blob(fingerprint.bytes)]
        ) { try Self.certificate(from: $0) }
    }

    /// - Returns: whether it is new; the facts of a known one stay as they are.
    func insert(_ certificate: Certificate, at now: Instant, nextDue: Instant?) throws -> Bool {
        let inserted = try session.execute(
            """
            INSERT INTO certificates(fingerprint, subject, issuer, serial_number, not_before, not_after, is_ca,
                signature_algorithm, public_key, subject_alternative_names, lineage_names, lineage_public_key, first_seen,
                next_due)
            VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
            ON CONFLICT DO NOTHING
            """,
            [
                .blob(certificate.fingerprint.bytes), .text(certificate.subject), .text(certificate.issuer),
                .blob(certificate.serialNumber.octets), SQLValue(certificate.validity.notBefore?.seconds),
                SQLValue(certificate.validity.notAfter?.seconds), .integer(certificate.isCA ? 1 : 0),
                .text(certificate.signatureAlgorithm), .text(certificate.publicKey),
                .text(Self.joined(certificate.subjectAlternativeNames)),
                SQLValue(certificate.lineageKey.names), .blob(certificate.lineageKey.publicKey),
                .integer(now.seconds), SQLValue(nextDue?.seconds),
            ])
        return inserted == 1
    }

    /// Reads a row of `columns`.
    ///
    /// - Throws: `LedgerError` when the row is damaged.
    static func certificate(from row: any SQLRow) throws -> Certificate {
        guard let fingerprint = row.blob(0).flatMap(Fingerprint.init(bytes:)), let publicKey = row.blob(11) else {
            throw LedgerError(
                "the ledger is damaged: a certificate has no fingerprint or key; restore it from a backup")
        }
        let names = row.text(9) ?? ""
        return Certificate(
            fingerprint: fingerprint, subject: row.text(1) ?? "", issuer: row.text(2) ?? "",
            serialNumber: SerialNumber(octets: row.blob(3) ?? []),
            validity: Validity(
                notBefore: row.integer(4).map(Instant.init(seconds:)),
                notAfter: row.integer(5).map(Instant.init(seconds:))),
            isCA: row.integer(6) == 1, signatureAlgorithm: row.text(7) ?? "", publicKey: row.text(8) ?? "",
            subjectAlternativeNames: split(names),
            lineageKey: LineageKey(names: row.blob(10), publicKey: publicKey))
    }

    /// Names are hostile text and may hold the line break that stands between them.
    private static func joined(_ names: [String]) -> String {
        names.map { name in
            name.contains("\\") || name.contains("\n")
                ? name.replacing("\\", with: "\\\\").replacing("\n", with: "\\n") : name
        }.joined(separator: "\n")
    }

    private static func split(_ text: String) -> [String] {
        guard !text.isEmpty else { return [] }
        return text.split(separator: "\n", omittingEmptySubsequences: false).map { name in
            guard name.contains("\\") else { return String(name) }
            var result = ""
            var isEscaped = false
            for character in name {
                switch (isEscaped, character) {
                case (false, "\\"): isEscaped = true
                case (true, "n"): (isEscaped, result) = (false, result + "\n")
                default: (isEscaped, result) = (false, result + String(character))
                }
            }
            return result
        }
    }
}
