import Certificates
import ExpiryRules

/// Reads the facts of certificates and revocation lists from rows.
struct ObjectRows {
    let session: any SQLSession

    /// The columns that `RowReader.object()` reads, in its order.
    static let columns: SQLText = """
        c.fingerprint, c.kind, c.subject, c.issuer, c.serial_number, c.not_before, c.not_after, c.signature_algorithm, \
        c.is_ca, c.public_key, c.subject_alternative_names, c.lineage_names, c.lineage_public_key, c.delta_base, \
        c.authority_key_identifier, c.revoked_count
        """

    /// The columns that `RowReader.objectName()` reads, of the table `certificates` under the alias `c`.
    static let nameColumns: SQLText = "c.subject, c.subject_alternative_names, c.serial_number"

    /// Whether the facts of a certificate or list are known.
    func contains(_ fingerprint: Fingerprint) throws -> Bool {
        try session.exists("SELECT 1 FROM certificates WHERE fingerprint = $1", [.blob(fingerprint.bytes)])
    }

    /// The ids of the known ones among these, for a batch that stores rows about them.
    func ids(of fingerprints: some Collection<Fingerprint>) throws -> [Fingerprint: Int64] {
        guard !fingerprints.isEmpty else { return [:] }
        let found = try session.all(
            "SELECT id, fingerprint FROM (\(CertificateID.rowsInSQL(of: "$1")))", [.list(fingerprints)]
        ) { row in
            let id = try row.integer()
            return (try row.fingerprint(), id)
        }
        return Dictionary(found, uniquingKeysWith: { first, _ in first })
    }

    /// nil for an unknown fingerprint.
    func object(_ fingerprint: Fingerprint) throws -> WatchedObject? {
        try session.one(
            "SELECT \(Self.columns) FROM certificates c WHERE c.fingerprint = $1", [.blob(fingerprint.bytes)]
        ) { try $0.object() }
    }

    /// nil for an unknown fingerprint or a list.
    func certificate(_ fingerprint: Fingerprint) throws -> Certificate? {
        try object(fingerprint)?.certificate
    }

    /// The name for people; nil for an unknown fingerprint.
    func name(of fingerprint: Fingerprint) throws -> String? {
        try session.one(
            "SELECT \(Self.nameColumns) FROM certificates c WHERE c.fingerprint = $1", [.blob(fingerprint.bytes)]
        ) { try $0.optionalObjectName() } ?? nil
    }
}

extension SQLSession {
    /// The facts of certificates and lists.
    var objects: ObjectRows { ObjectRows(session: self) }
}

extension RowReader {
    /// Reads `ObjectRows.columns`.
    mutating func object() throws -> WatchedObject {
        let (fingerprint, kind) = (try fingerprint(), try value(WatchedObject.Kind.self))
        let (subject, issuer, number) = (try text(), try text(), SerialNumber(octets: try blob()))
        let validity = Validity(notBefore: optionalInstant(), notAfter: optionalInstant())
        let (algorithm, isCA, publicKey) = (try text(), try flag(), try text())
        let names = JoinedNames.names(in: try text())
        let lineageKey = LineageKey(names: optionalBlob(), publicKey: try blob())
        let deltaBase = optionalBlob().map(SerialNumber.init(octets:))
        let (authorityKeyIdentifier, revokedCount) = (optionalBlob(), optionalCount())
        switch kind {
        case .certificate:
            return .certificate(
                Certificate(
                    fingerprint: fingerprint, subject: subject, issuer: issuer, serialNumber: number,
                    validity: validity, isCA: isCA, signatureAlgorithm: algorithm, publicKey: publicKey,
                    subjectAlternativeNames: names, lineageKey: lineageKey))
        case .revocationList:
            return .revocationList(
                RevocationList(
                    fingerprint: fingerprint, issuer: issuer, thisUpdate: validity.notBefore,
                    nextUpdate: validity.notAfter, number: number.octets.isEmpty ? nil : number,
                    deltaBase: deltaBase, signatureAlgorithm: algorithm,
                    authorityKeyIdentifier: authorityKeyIdentifier, revokedCount: try required(revokedCount)))
        }
    }

    /// Reads `ObjectRows.nameColumns` and makes the name for people (`WatchedObject.name`).
    mutating func objectName() throws -> String { try required(try optionalObjectName()) }

    /// Reads `ObjectRows.nameColumns` of an outer join; nil if it found no row.
    mutating func optionalObjectName() throws -> String? {
        guard let subject = optionalText() else {
            (_, _) = (optionalText(), optionalBlob())
            return nil
        }
        let (names, number) = (try text(), try blob())
        if !subject.isEmpty { return subject }
        return JoinedNames.names(in: names).first ?? "serial \(SerialNumber(octets: number))"
    }

    /// Reads a source's kind and registration, a path and a position.
    mutating func location() throws -> Location {
        let (kind, registration) = (try value(SourceKey.Kind.self), try text())
        let (path, position) = (FilePath(bytes: try blob()), try count())
        switch kind {
        case .endpoint: return .endpoint(name: registration, index: position)
        case .command, .url: return .fetched(place: path.description, index: position)
        case .file: return .file(path, index: position)
        case .edge: return .observed(place: path.description)
        }
    }

    /// Reads four columns: the instant, and kind, fingerprint and subject of the culprit's row.
    mutating func earlyEnd() throws -> EarlyEnd? {
        let (expiry, kind) = (optionalInstant(), try optionalValue(WatchedObject.Kind.self))
        let (fingerprint, name) = (try optionalFingerprint(), optionalText())
        guard let expiry, let kind, let fingerprint else { return nil }
        return EarlyEnd(
            expiry: expiry,
            culprit: EarlyEnd.Culprit(kind: kind, fingerprint: fingerprint, name: try required(name)))
    }
}
