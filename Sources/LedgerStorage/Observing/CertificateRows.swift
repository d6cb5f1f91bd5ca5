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
                .text(certificate.subjectAlternativeNames.joined(separator: "\n")),
                SQLValue(certificate.lineageKey.names), .blob(certificate.lineageKey.publicKey),
                .integer(now.seconds), SQLValue(nextDue?.seconds),
            ])
        return inserted == 1
    }

    /// The registrations that see this certificate now.
    func watchers(of fingerprint: Fingerprint) throws -> Set<String> {
        let names = try session.query(
            """
            SELECT s.registration FROM observations o JOIN sources s ON s.id = o.source_id
            WHERE o.fingerprint = $1 AND o.ended_at IS NULL
            """, [.blob(fingerprint.bytes)]
        ) { $0.text(0) ?? "" }
        return Set(names)
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
            subjectAlternativeNames: names.isEmpty ? [] : names.split(separator: "\n").map(String.init),
            lineageKey: LineageKey(names: row.blob(10), publicKey: publicKey))
    }
}
