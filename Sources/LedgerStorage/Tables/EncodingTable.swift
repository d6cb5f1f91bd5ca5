import Certificates

/// The only writer of `encodings`: the DER of what is watched, for verification.
struct EncodingTable {
    let session: any SQLSession

    /// Keeps the DER of those that have none yet.
    func keep(_ encodings: [(Fingerprint, der: [UInt8])]) throws {
        for (fingerprint, der) in encodings {
            try session.execute(
                "INSERT INTO encodings(fingerprint, der) VALUES($1, $2) ON CONFLICT DO NOTHING",
                [.blob(fingerprint.bytes), .blob(der)])
        }
    }

    /// Forgets the DER of these.
    func forget(_ fingerprints: [Fingerprint]) throws {
        try session.execute(
            "DELETE FROM encodings WHERE fingerprint IN (\(SQLList.fingerprints(of: "$1")))", [.list(fingerprints)])
    }
}

extension SQLSession {
    /// The table `encodings`.
    var encodings: EncodingTable { EncodingTable(session: self) }
}
