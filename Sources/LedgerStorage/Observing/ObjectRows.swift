import Certificates
import ExpiryRules

/// The facts of certificates and revocation lists, in rows.
struct ObjectRows {
    let session: any SQLSession

    /// The columns that `object(from:)` reads, in its order.
    static let columns: SQLText = """
        c.fingerprint, c.kind, c.subject, c.issuer, c.serial_number, c.not_before, c.not_after, c.signature_algorithm, \
        c.is_ca, c.public_key, c.subject_alternative_names, c.lineage_names, c.lineage_public_key, c.delta_base, \
        c.authority_key_identifier, c.revoked_count
        """
    static let columnCount = 16

    /// The columns that `name(from:at:)` reads, of the table `certificates` under the alias `c`.
    static let nameColumns: SQLText = "c.subject, c.subject_alternative_names, c.serial_number"

    /// What people call a certificate or list (`WatchedObject.name`), from a row that has `nameColumns` at `column`; empty
    /// where an outer join found none.
    static func name(from row: any SQLRow, at column: Int) -> String {
        guard let subject = row.text(column) else { return "" }
        if !subject.isEmpty { return subject }
        return split(row.text(column + 1) ?? "").first
            ?? "serial \(SerialNumber(octets: row.blob(column + 2) ?? []))"
    }

    func contains(_ fingerprint: Fingerprint) throws -> Bool {
        try session.first("SELECT 1 FROM certificates WHERE fingerprint = $1", [.blob(fingerprint.bytes)]) { _ in true }
            ?? false
    }

    func object(_ fingerprint: Fingerprint) throws -> WatchedObject? {
        try session.first(
            "SELECT \(Self.columns) FROM certificates c WHERE c.fingerprint = $1", [.blob(fingerprint.bytes)]
        ) { try Self.object(from: $0) }
    }

    func certificate(_ fingerprint: Fingerprint) throws -> Certificate? {
        try object(fingerprint)?.certificate
    }

    /// - Returns: whether it is new; the facts of a known one stay as they are.
    func insert(_ object: WatchedObject, at now: Instant, nextDue: Instant?) throws -> Bool {
        let inserted = try session.execute(
            """
            INSERT INTO certificates(fingerprint, kind, subject, issuer, serial_number, not_before, not_after,
                signature_algorithm, is_ca, public_key, subject_alternative_names, lineage_names, lineage_public_key,
                delta_base, authority_key_identifier, revoked_count, first_seen, next_due)
            VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
            ON CONFLICT DO NOTHING
            """, Self.values(of: object) + [.integer(now.seconds), SQLValue(nextDue?.seconds)])
        return inserted == 1
    }

    private static func values(of object: WatchedObject) -> [SQLValue] {
        switch object {
        case .certificate(let certificate):
            [
                .blob(certificate.fingerprint.bytes), .text(object.kind.rawValue), .text(certificate.subject),
                .text(certificate.issuer), .blob(certificate.serialNumber.octets),
                SQLValue(certificate.validity.notBefore?.seconds), SQLValue(certificate.validity.notAfter?.seconds),
                .text(certificate.signatureAlgorithm), .integer(certificate.isCA ? 1 : 0), .text(certificate.publicKey),
                .text(Self.joined(certificate.subjectAlternativeNames)), SQLValue(certificate.lineageKey.names),
                .blob(certificate.lineageKey.publicKey), nil, nil, nil,
            ]
        case .revocationList(let list):
            [
                .blob(list.fingerprint.bytes), .text(object.kind.rawValue), .text(list.issuer), .text(list.issuer),
                .blob(list.number?.octets ?? []), SQLValue(list.thisUpdate?.seconds),
                SQLValue(list.nextUpdate?.seconds), .text(list.signatureAlgorithm), 0, "", "", nil,
                .blob(LineageMember(list).key.publicKey), SQLValue(list.deltaBase?.octets),
                SQLValue(list.authorityKeyIdentifier), SQLValue(list.revokedCount),
            ]
        }
    }

    /// Reads a row of `columns`.
    ///
    /// - Throws: `LedgerError` when the row is damaged.
    static func object(from row: any SQLRow) throws -> WatchedObject {
        guard let fingerprint = row.blob(0).flatMap(Fingerprint.init(bytes:)),
            let kind = row.text(1).flatMap(WatchedObject.Kind.init(rawValue:)), let publicKey = row.blob(12)
        else {
            throw LedgerDamage(
                "a certificate has no fingerprint, kind or key")
        }
        let number = SerialNumber(octets: row.blob(4) ?? [])
        let validity = Validity(
            notBefore: row.integer(5).map(Instant.init(seconds:)), notAfter: row.integer(6).map(Instant.init(seconds:)))
        switch kind {
        case .certificate:
            return .certificate(
                Certificate(
                    fingerprint: fingerprint, subject: row.text(2) ?? "", issuer: row.text(3) ?? "",
                    serialNumber: number,
                    validity: validity, isCA: row.integer(8) == 1, signatureAlgorithm: row.text(7) ?? "",
                    publicKey: row.text(9) ?? "", subjectAlternativeNames: split(row.text(10) ?? ""),
                    lineageKey: LineageKey(names: row.blob(11), publicKey: publicKey)))
        case .revocationList:
            return .revocationList(
                RevocationList(
                    fingerprint: fingerprint, issuer: row.text(3) ?? "", thisUpdate: validity.notBefore,
                    nextUpdate: validity.notAfter, number: number.octets.isEmpty ? nil : number,
                    deltaBase: row.blob(13).map(SerialNumber.init(octets:)), signatureAlgorithm: row.text(7) ?? "",
                    authorityKeyIdentifier: row.blob(14), revokedCount: Int(row.integer(15) ?? 0)))
        }
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
