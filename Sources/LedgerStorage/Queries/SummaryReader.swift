import Certificates
import ExpiryRules

/// Reads the facts of a summary.
struct SummaryReader {
    let session: any SQLSession
    let now: Instant

    /// `beginning` is the start of the summary's period, which is also its episode.
    func facts(beginning: Instant) throws -> SummaryFacts {
        var facts = SummaryFacts(since: try lastSummary(before: beginning) ?? firstPass() ?? now)
        try readWatched(into: &facts)
        try readPasses(into: &facts)
        try readFindings(into: &facts)
        try readEndings(into: &facts)
        try readDeliveries(into: &facts)
        try readNext(into: &facts)
        return facts
    }

    private func lastSummary(before beginning: Instant) throws -> Instant? {
        try session.one(
            "SELECT max(observed_at) FROM notices WHERE subject = $1 AND kind = $2 AND episode < $3",
            [.text(NoticeSubject.summary.text), .text(NoticeKind.summary.rawValue), .integer(beginning.seconds)]
        ) { $0.optionalInstant() } ?? nil
    }

    private func firstPass() throws -> Instant? {
        try session.one("SELECT min(started_at) FROM runs") { $0.optionalInstant() } ?? nil
    }

    private func readWatched(into facts: inout SummaryFacts) throws {
        let kinds = try session.all(
            """
            SELECT c.kind, count(*) FROM certificates c
            WHERE EXISTS (SELECT 1 FROM observations o WHERE o.certificate_id = c.id AND o.ended_at IS NULL)
            GROUP BY c.kind
            """
        ) { (try $0.value(WatchedObject.Kind.self), try $0.count()) }
        for (kind, count) in kinds {
            switch kind {
            case .revocationList: facts.revocationLists = count
            case .certificate: facts.certificates = count
            }
        }
        facts.endpoints = try count("SELECT count(*) FROM endpoints")
        let read = try session.one(
            """
            SELECT count(*), min(coalesce(read_at, 0)) FROM sources s
            WHERE EXISTS (SELECT 1 FROM observations o WHERE o.source_id = s.id AND o.ended_at IS NULL)
            """
        ) { (try $0.count(), $0.optionalInteger() ?? 0) }
        facts.sources = read?.0 ?? 0
        facts.readSince = (read?.1).flatMap { $0 > 0 ? Instant(seconds: $0) : nil }
    }

    /// Counts the passes, without the one in progress.
    private func readPasses(into facts: inout SummaryFacts) throws {
        let passes = try session.one(
            """
            SELECT count(finished_at), count(CASE WHEN outcome = 'troubled' THEN 1 END),
                count(CASE WHEN finished_at IS NULL THEN 1 END)
            FROM runs WHERE started_at >= $1 AND id < (SELECT max(id) FROM runs)
            """, [.integer(facts.since.seconds)]
        ) { row in
            SummaryFacts.Passes(finished: try row.count(), troubled: try row.count(), unfinished: try row.count())
        }
        facts.passes = passes ?? SummaryFacts.Passes()
    }

    private func readFindings(into facts: inout SummaryFacts) throws {
        facts.findingCount = try count("SELECT count(*) FROM findings WHERE closed_at IS NULL")
        facts.findings = try session.all(
            """
            SELECT registration, code, place, severity, message, facts FROM findings WHERE closed_at IS NULL
            ORDER BY severity = 'critical' DESC, first_seen, registration, code, place LIMIT $1
            """, [SQLValue(SummaryFacts.listLimit)]
        ) { row in
            Finding(
                registration: try row.text(), code: try row.value(), place: try row.text(), severity: try row.value(),
                facts: try row.findingFacts())
        }
    }

    /// Reads the next expiries. Objects that have expired and are still present come first.
    private func readEndings(into facts: inout SummaryFacts) throws {
        let endings: SQLText = """
            FROM observations o JOIN sources s ON s.id = o.source_id JOIN certificates c ON c.id = o.certificate_id
            LEFT JOIN judgements j ON j.registration = s.registration AND j.certificate_id = o.certificate_id
            WHERE o.ended_at IS NULL AND j.successor IS NULL AND coalesce(j.expires_at, c.not_after) <= $1
            """
        let horizon = SQLValue.integer((now + SummaryFacts.outlook).seconds)
        facts.endingCount =
            try session.one("SELECT count(DISTINCT o.certificate_id) \(endings)", [horizon]) {
                try $0.count()
            } ?? 0
        facts.endings = try session.all(
            """
            SELECT min(s.registration), c.kind, c.fingerprint, min(coalesce(j.expires_at, c.not_after)) AS expiry,
                \(ObjectRows.nameColumns)
            \(endings) GROUP BY c.id, c.fingerprint, c.kind, \(ObjectRows.nameColumns)
            ORDER BY expiry, c.subject, c.fingerprint LIMIT $2
            """, [horizon, SQLValue(SummaryFacts.listLimit)]
        ) { row in
            let (registration, kind) = (try row.text(), try row.value(WatchedObject.Kind.self))
            let (fingerprint, expiry) = (try row.fingerprint(), try row.instant())
            return SummaryFacts.Ending(
                registration: registration, kind: kind, fingerprint: fingerprint, name: try row.objectName(),
                expiry: expiry)
        }
    }

    private func readDeliveries(into facts: inout SummaryFacts) throws {
        let deliveries = try session.one(
            """
            SELECT count(CASE WHEN d.state = 'delivered' AND d.settled_at >= $1 THEN 1 END),
                count(CASE WHEN d.\(DeliveryState.isOpenInSQL) THEN 1 END), count(CASE WHEN d.state = 'parked' THEN 1 END),
                count(CASE WHEN d.state = 'expired' AND d.settled_at >= $1 THEN 1 END)
            FROM deliveries d JOIN notices n ON n.id = d.notice_id WHERE n.kind <> $2
            """, [.integer(facts.since.seconds), .text(NoticeKind.summary.rawValue)]
        ) { row in
            SummaryFacts.Deliveries(
                made: try row.count(), open: try row.count(), parked: try row.count(), expired: try row.count())
        }
        facts.deliveries = deliveries ?? SummaryFacts.Deliveries()
    }

    private func readNext(into facts: inout SummaryFacts) throws {
        let next = try NextDecisionReader(session: session).decisions(after: now, limit: 1).first
        facts.nextDue = next?.dueAt
        facts.nextName = next?.name
    }

    private func count(_ sql: SQLText) throws -> Int {
        try session.one(sql) { try $0.count() } ?? 0
    }
}
