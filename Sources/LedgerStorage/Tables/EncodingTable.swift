import Certificates

/// The only writer of `encodings`: the DER of watched certificates and lists, for verification.
struct EncodingTable {
    let session: any SQLSession

    private static let insert = SQLBulk(columns: 2) { rows in
        "INSERT INTO encodings(certificate_id, der) VALUES \(rows) ON CONFLICT DO NOTHING"
    }

    /// Stores the DER of those that have none yet.
    func keep(_ encodings: [(certificateID: Int64, der: [UInt8])]) throws {
        try session.executeAll(Self.insert, encodings.map { [.integer($0), .blob($1)] })
    }

    /// Deletes the DER of one.
    func forget(_ fingerprint: Fingerprint) throws {
        try session.execute(
            "DELETE FROM encodings WHERE certificate_id = \(CertificateID.inSQL(of: "$1"))", [.blob(fingerprint.bytes)])
    }

    /// Deletes the DER of these.
    func forget(_ ids: [Int64]) throws {
        try session.execute(
            "DELETE FROM encodings WHERE certificate_id IN (\(SQLList.elements(of: "$1")))", [.list(ids)])
    }
}

extension SQLSession {
    /// The table `encodings`.
    var encodings: EncodingTable { EncodingTable(session: self) }
}
