import Certificates

/// The only writer of `needs`: the CAs and the revocation list that a certificate needs.
struct NeedTable {
    let session: any SQLSession

    private static let insert = SQLBulk(columns: 3) { rows in
        "INSERT INTO needs(registration, certificate_id, needed_id) VALUES \(rows)"
    }

    /// Records the needs of certificates that have none stored yet.
    func insert(_ needs: [(certificateID: Int64, needed: Set<Int64>)], in registration: String) throws {
        try session.executeAll(
            Self.insert,
            needs.flatMap { id, needed in
                needed.sorted().map { [.text(registration), .integer(id), .integer($0)] }
            })
    }

    /// Whether any certificate of a registration has needs.
    func isAny(in registration: String) throws -> Bool {
        try session.exists("SELECT 1 FROM needs WHERE registration = $1 LIMIT 1", [.text(registration)])
    }

    /// Whether any certificate of a registration needs this.
    func isNeeded(_ fingerprint: Fingerprint, in registration: String) throws -> Bool {
        try session.exists(
            "SELECT 1 FROM needs WHERE registration = $1 AND needed_id = \(CertificateID.inSQL(of: "$2")) LIMIT 1",
            [.text(registration), .blob(fingerprint.bytes)])
    }

    /// Deletes the needs of these, for one registration.
    func forget(_ ids: [Int64], in registration: String) throws {
        try session.execute(
            "DELETE FROM needs WHERE registration = $1 AND certificate_id IN (\(SQLList.elements(of: "$2")))",
            [.text(registration), .list(ids)])
    }

    /// Deletes all needs of a registration.
    func forgetAll(of registration: String) throws {
        try session.execute("DELETE FROM needs WHERE registration = $1", [.text(registration)])
    }

    /// Deletes the needs of these.
    func forget(_ ids: [Int64]) throws {
        try session.execute("DELETE FROM needs WHERE certificate_id IN (\(SQLList.elements(of: "$1")))", [.list(ids)])
    }
}

extension SQLSession {
    /// The table `needs`.
    var needs: NeedTable { NeedTable(session: self) }
}
