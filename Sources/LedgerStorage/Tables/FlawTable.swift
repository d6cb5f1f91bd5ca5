import Certificates

/// The only writer of `flaws`: the flaws of certificates and lists.
struct FlawTable {
    let session: any SQLSession

    /// Replaces the flaws that verification found. A flaw that existed before keeps its row, so that only new ones
    /// count as news. Duplicate serial numbers stay, since a comparison finds them and not verification.
    ///
    /// - Returns: whether anything changed.
    func replace(_ flaws: [Judgement.Flaw], of certificateID: Int64, in registration: String) throws -> Bool {
        let key: [SQLValue] = [.text(registration), .integer(certificateID)]
        let kept = flaws.map(\.code) + [.duplicateSerialNumber]
        var changes = try session.execute(
            """
            DELETE FROM flaws WHERE registration = $1 AND certificate_id = $2
                AND code NOT IN (\(SQLList.elements(of: "$3")))
            """, key + [.list(kept)])
        for flaw in flaws {
            changes += try session.execute(
                """
                INSERT INTO flaws(registration, certificate_id, code, message, facts, is_news)
                VALUES($1, $2, $3, '', $4, 1)
                ON CONFLICT(registration, code, certificate_id) DO UPDATE SET message = '', facts = $4
                    WHERE facts IS NOT $4
                """, key + [.text(flaw.code.rawValue), .facts(flaw.facts)])
        }
        return changes > 0
    }

    /// Records certificates that share issuer and serial number, which RFC 5280 4.1.2.2 forbids. It compares all
    /// certificates of the registration.
    func recordDuplicates(in registration: String) throws {
        let duplicates: SQLText = """
            SELECT c.issuer, c.serial_number FROM certificates c
            WHERE c.kind = 'certificate' AND EXISTS (
                SELECT 1 FROM observations o JOIN sources s ON s.id = o.source_id
                WHERE o.certificate_id = c.id AND s.registration = $1 AND o.ended_at IS NULL)
            GROUP BY c.issuer, c.serial_number HAVING count(*) > 1
            """
        try session.execute(
            """
            DELETE FROM flaws WHERE registration = $1 AND code = 'duplicate_serial_number' AND certificate_id NOT IN (
                SELECT id FROM certificates WHERE (issuer, serial_number) IN (\(duplicates)))
            """, [.text(registration)])
        let bearers = try session.all(
            """
            SELECT DISTINCT c.id, c.serial_number
            FROM certificates c JOIN observations o ON o.certificate_id = c.id AND o.ended_at IS NULL
            JOIN sources s ON s.id = o.source_id AND s.registration = $1
            LEFT JOIN flaws f ON f.registration = $1 AND f.code = 'duplicate_serial_number'
                AND f.certificate_id = c.id
            WHERE f.facts IS NULL AND (c.issuer, c.serial_number) IN (\(duplicates))
            """, [.text(registration)]
        ) { (id: try $0.integer(), serialNumber: SerialNumber(octets: try $0.blob())) }
        for bearer in bearers {
            let flaw = FlawFact.certificate(.serialNumberShared(serialNumber: "\(bearer.serialNumber)"))
            try session.execute(
                """
                INSERT INTO flaws(registration, code, certificate_id, message, facts, is_news)
                VALUES($1, 'duplicate_serial_number', $2, '', $3, 1)
                ON CONFLICT(registration, code, certificate_id) DO UPDATE SET message = '', facts = $3
                """, [.text(registration), .integer(bearer.id), .facts([flaw])])
        }
    }

    /// The codes of a registration's flaws.
    func codes(in registration: String) throws -> Set<FindingCode> {
        Set(
            try session.all("SELECT DISTINCT code FROM flaws WHERE registration = $1", [.text(registration)]) {
                try $0.value(FindingCode.self)
            })
    }

    /// Notes that findings cover all flaws of a registration.
    func markReported(in registration: String) throws {
        try session.execute(
            "UPDATE flaws SET is_news = 0 WHERE registration = $1 AND is_news = 1", [.text(registration)])
    }

    /// Deletes the flaws of these, for one registration.
    func forget(_ ids: [Int64], in registration: String) throws {
        try session.execute(
            "DELETE FROM flaws WHERE registration = $1 AND certificate_id IN (\(SQLList.elements(of: "$2")))",
            [.text(registration), .list(ids)])
    }

    /// Deletes all flaws of a registration.
    func forgetAll(of registration: String) throws {
        try session.execute("DELETE FROM flaws WHERE registration = $1", [.text(registration)])
    }

    /// Deletes the flaws of these.
    func forget(_ ids: [Int64]) throws {
        try session.execute("DELETE FROM flaws WHERE certificate_id IN (\(SQLList.elements(of: "$1")))", [.list(ids)])
    }
}

extension SQLSession {
    /// The table `flaws`.
    var flaws: FlawTable { FlawTable(session: self) }
}
