import Certificates

/// The only writer of `encodings`: the DER of watched certificates and lists, for verification.
struct EncodingTable {
    let session: any SQLSession

    private static let insert = SQLBulk(columns: 2) { rows in
        "INSERT INTO encodings(fingerprint, der) VALUES \(rows) ON CONFLICT DO NOTHING"
    }

    /// Stores the DER of those that have none yet.
    func keep(_ encodings: [(Fingerprint, der: [UInt8])]) throws {
        try session.executeAll(Self.insert, encodings.map { [.blob($0.bytes), .blob($1)] })
    }

    /// Deletes the DER of these.
    func forget(_ fingerprints: [Fingerprint]) throws {
        try session.execute(
            "DELETE FROM encodings WHERE fingerprint IN (\(SQLList.fingerprints(of: "$1")))", [.list(fingerprints)])
    }
}

extension SQLSession {
    /// The table `encodings`.
    var encodings: EncodingTable { EncodingTable(session: self) }
}
