import Certificates
import ExpiryRules

/// Queries about silences and the deliveries that they hold.
extension Ledger {
    /// The notices among these that no receiver gets before a silence has ended.
    package func silenced(among noticeIDs: [Int64]) async throws -> Set<Int64> {
        guard !noticeIDs.isEmpty else { return [] }
        return try await engine.read { session in
            Set(
                try session.all(
                    """
                    SELECT notice_id FROM deliveries d WHERE notice_id IN (\(SQLList.elements(of: "$1")))
                    GROUP BY notice_id
                    HAVING count(*) = count(CASE WHEN d.held_by IS NOT NULL AND d.\(DeliveryState.isOpenInSQL) THEN 1 END)
                    """, [.list(noticeIDs)]
                ) { try $0.integer() })
        }
    }

    /// All stored silences, the oldest first.
    package func silences() async throws -> [SilenceRecord] {
        try await engine.read { session in
            // Counting held deliveries does not need the plan.
            let empty = WatchPlan(registrations: [], route: Route(receivers: []))
            let census = SilenceCensus(session: session, plan: empty)
            return try session.silences.all().map { silence in
                SilenceRecord(silence: silence, heldDeliveries: try census.heldDeliveries(by: silence.id))
            }
        }
    }
}

/// Counts the deliveries, certificates and findings that silences concern.
struct SilenceCensus {
    let session: any SQLSession
    let plan: WatchPlan

    /// The number of open deliveries that `silence` holds, or any silence if it is nil.
    func heldDeliveries(by silence: Int64? = nil) throws -> Int {
        let condition: SQLText = silence == nil ? "d.held_by IS NOT NULL" : "d.held_by = $1"
        return try session.one(
            "SELECT count(*) FROM deliveries d WHERE \(condition) AND d.\(DeliveryState.isOpenInSQL)",
            silence.map { [.integer($0)] } ?? []
        ) { try $0.count() } ?? 0
    }

    /// The number of watched certificates and lists that match. The severity of a certificate's next notice is not
    /// known yet, so a matcher on severity counts as met.
    func certificates(matching matchers: NoticeMatchers) throws -> Int {
        let relevant = NoticeMatchers(matchers.matchers.filter { $0.field != .severity })
        var matching: Set<Fingerprint> = []
        let sql: SQLText = """
            SELECT DISTINCT s.registration, c.fingerprint, \(ObjectRows.nameColumns) FROM observations o
            JOIN sources s ON s.id = o.source_id JOIN certificates c ON c.id = o.certificate_id
            WHERE o.ended_at IS NULL
            """
        try session.forEachRow(sql, []) { row in
            var row = RowReader(row, of: sql)
            let (registration, fingerprint) = (try row.text(), try row.fingerprint())
            let traits = plan.traits(
                ofNoticeFor: registration, severity: .critical, fingerprint: fingerprint,
                subject: try row.objectName())
            if relevant.matches(traits) { matching.insert(fingerprint) }
            return true
        }
        return matching.count
    }

    func findings(matching matchers: NoticeMatchers) throws -> Int {
        try session.all("SELECT registration, code, severity FROM findings WHERE closed_at IS NULL") { row in
            let (registration, code) = (try row.text(), try row.value(FindingCode.self))
            return plan.traits(ofNoticeFor: registration, severity: try row.value(), code: code)
        }.count(where: matchers.matches)
    }
}
