import Certificates

/// Forgets what nobody can need any more, inside one transaction. What is watched, and what is still to be told, stays
/// however old it is.
struct RetentionSweep {
    /// How long the past is kept: for a certificate after its own end, for a finding after it was over.
    static let period = TimeSpan.days(400)
    private static let interval = TimeSpan.days(1)
    /// After a longer pause than this the clock may have run ahead, and is believed when it has gone on for another interval.
    private static let longestPause = TimeSpan.days(30)
    /// At most so many rows of a kind in one transaction; the rest waits for the next day.
    private static let batch = 1_000

    let session: any SQLSession
    let now: Instant

    private var horizon: Int64 { (now - Self.period).seconds }

    /// Sweeps, unless it did within a day.
    func runIfDue() throws {
        let last = try session.first("SELECT value FROM meta WHERE name = 'swept'") { $0.text(0).flatMap(Int64.init) }
        if let last, let last, last <= now.seconds, now.seconds < last + Self.interval.seconds { return }
        try session.execute(
            "INSERT INTO meta(name, value) VALUES('swept', $1) ON CONFLICT(name) DO UPDATE SET value = $1",
            [.text(String(now.seconds))])
        if let last, let last, now.seconds > last + Self.longestPause.seconds { return }
        try forgetObjects()
        try forgetFindings()
        try forgetSilences()
        try session.execute(
            "DELETE FROM messages WHERE NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.message = messages.id)", [])
    }

    private func forgetObjects() throws {
        let forgotten = try session.query(
            """
            SELECT fingerprint, kind FROM certificates c
            WHERE ended_at < $1 AND (not_after IS NULL OR not_after < $1)
                AND NOT EXISTS (SELECT 1 FROM observations o WHERE o.fingerprint = c.fingerprint AND o.ended_at IS NULL)
            ORDER BY ended_at LIMIT $2
            """, [.integer(horizon), SQLValue(Self.batch)]
        ) { row in
            let kind = row.text(1).flatMap(WatchedObject.Kind.init(rawValue:)) ?? .certificate
            return row.blob(0).flatMap(Fingerprint.init(bytes:)).map { ($0, NoticeSubject.object($0, kind)) }
        }.compactMap(\.self)
        for (fingerprint, subject) in forgotten where try !hasOpenDeliveries(subject) {
            try forgetNotices("subject = $1", [.text(subject.text)])
            for table: SQLText in ["encodings", "judgements", "needs", "flaws", "observations", "certificates"] {
                try session.execute("DELETE FROM \(table) WHERE fingerprint = $1", [.blob(fingerprint.bytes)])
            }
        }
    }

    /// Of a finding only what was told is forgotten. Its row stays with the number of its episode, which is a part of each
    /// message's id: a trouble that comes back after years must not bear the id of one that receivers have seen.
    private func forgetFindings() throws {
        try forgetNotices(
            """
            id IN (SELECT id FROM notices n WHERE fingerprint IS NULL AND observed_at < $1
                AND NOT EXISTS (SELECT 1 FROM findings f WHERE f.closed_at IS NULL AND f.episode = n.episode
                    AND n.subject = 'finding:' || f.registration || ':' || f.code || ':' || f.place)
                AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.notice_id = n.id AND d.\(DeliveryState.isOpenInSQL))
                ORDER BY id LIMIT $2)
            """, [.integer(horizon), SQLValue(Self.batch)])
    }

    private func forgetSilences() throws {
        try session.execute(
            """
            DELETE FROM silences WHERE coalesce(ended_at, ends_at) < $1
                AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.held_by = silences.id)
            """, [.integer(horizon)])
    }

    private func hasOpenDeliveries(_ subject: NoticeSubject) throws -> Bool {
        try session.first(
            """
            SELECT 1 FROM notices n JOIN deliveries d ON d.notice_id = n.id
            WHERE n.subject = $1 AND d.\(DeliveryState.isOpenInSQL) LIMIT 1
            """, [.text(subject.text)]
        ) { _ in true } ?? false
    }

    private func forgetNotices(_ condition: SQLText, _ parameters: [SQLValue]) throws {
        let notices: SQLText = "SELECT id FROM notices WHERE \(condition)"
        let deliveries: SQLText = "SELECT id FROM deliveries WHERE notice_id IN (\(notices))"
        try session.execute("DELETE FROM attempts WHERE delivery_id IN (\(deliveries))", parameters)
        try session.execute("DELETE FROM deliveries WHERE notice_id IN (\(notices))", parameters)
        try session.execute("DELETE FROM notices WHERE \(condition)", parameters)
    }
}
