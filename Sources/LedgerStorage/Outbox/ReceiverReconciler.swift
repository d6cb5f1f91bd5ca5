import Certificates
import ExpiryRules

/// Brings receivers and their deliveries in step with the configuration, inside one transaction.
struct ReceiverReconciler {
    let session: any SQLSession
    let now: Instant

    func isInStep(with receivers: [(name: String, settings: [UInt8])]) throws -> Bool {
        let known = try session.query("SELECT name, settings FROM receivers") { ($0.text(0) ?? "", $0.blob(1) ?? []) }
        let wanted = Dictionary(receivers.map { ($0.name, $0.settings) }, uniquingKeysWith: { $1 })
        guard Dictionary(known, uniquingKeysWith: { $1 }) == wanted else { return false }
        return try session.first(
            """
            SELECT 1 FROM deliveries WHERE \(DeliveryState.isOpenInSQL) AND receiver NOT IN (SELECT name FROM receivers)
            LIMIT 1
            """
        ) { _ in true } == nil
    }

    func reconcile(_ receivers: [(name: String, settings: [UInt8])]) throws {
        var newcomers: [String] = []
        for (name, settings) in receivers {
            let known = try session.first("SELECT settings FROM receivers WHERE name = $1", [.text(name)]) {
                $0.blob(0) ?? []
            }
            if known == nil { newcomers.append(name) }
            if known != settings { try adopt(name, settings: settings) }
        }
        let kept = Set(receivers.map(\.name))
        for name in try session.query("SELECT name FROM receivers", [], { $0.text(0) ?? "" }) where !kept.contains(name)
        {
            try session.execute("DELETE FROM receivers WHERE name = $1", [.text(name)])
        }
        try cancelOrphans()
        if !newcomers.isEmpty { try tellWhatNobodyHeard(to: newcomers) }
    }

    /// New settings may have mended what was refused or failed: all of it is due at once.
    private func adopt(_ name: String, settings: [UInt8]) throws {
        try session.execute(
            """
            INSERT INTO receivers(name, settings) VALUES($1, $2)
            ON CONFLICT(name) DO UPDATE SET settings = $2, not_before = 0, failures = 0, disabled_because = NULL
            """, [.text(name), .blob(settings)])
        try session.execute(
            """
            UPDATE deliveries SET next_at = $1
            WHERE receiver = $2 AND \(DeliveryState.isOpenInSQL) AND state <> 'sending' AND next_at < $3
            """, [.integer(now.seconds), .text(name), .integer(OutboxWriter.never.seconds)])
    }

    /// Whoever is no receiver any more is sent nothing. What is just being sent there may arrive, and is recorded if it does.
    private func cancelOrphans() throws {
        try session.execute(
            """
            UPDATE attempts SET outcome = 'unknown', detail = 'its receiver was taken out while it was being sent'
            WHERE outcome IS NULL AND delivery_id IN (SELECT id FROM deliveries
                WHERE state = 'sending' AND receiver NOT IN (SELECT name FROM receivers))
            """, [])
        try session.execute(
            """
            UPDATE deliveries SET settled_at = $1, reason = 'its receiver was taken out of the configuration',
                maybe_seen = CASE WHEN state = 'sending' THEN 1 ELSE maybe_seen END, state = 'cancelled', token = NULL
            WHERE \(DeliveryState.isOpenInSQL) AND receiver NOT IN (SELECT name FROM receivers)
            """, [.integer(now.seconds)])
    }

    /// What is true and nobody was told, because there was no receiver or it was renamed, is told to the newcomers. What
    /// others were told before they came is not told again.
    private func tellWhatNobodyHeard(to newcomers: [String]) throws {
        let unheard = try session.query(
            """
            SELECT id FROM notices n WHERE state = 'open' AND kind IN ('expiring', 'expired', 'finding')
                AND NOT EXISTS (SELECT 1 FROM deliveries d
                    WHERE d.notice_id = n.id AND (d.state = 'delivered' OR d.\(DeliveryState.isOpenInSQL)))
            ORDER BY id
            """
        ) { $0.integer(0) ?? 0 }
        for notice in unheard {
            for receiver in newcomers {
                try session.execute(
                    """
                    INSERT INTO deliveries(notice_id, receiver, state, next_at) VALUES($1, $2, 'pending', $3)
                    ON CONFLICT DO NOTHING
                    """, [.integer(notice), .text(receiver), .integer(now.seconds)])
            }
        }
    }
}
