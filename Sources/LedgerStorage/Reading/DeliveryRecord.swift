import Certificates
import ExpiryRules

/// One try, as the ledger remembers it.
package struct AttemptRecord: Hashable, Sendable {
    /// Counts from 1.
    package let number: Int
    package let startedAt: Instant
    /// nil while it is on its way.
    package let outcome: AttemptOutcome?
    package let status: Int?
    /// What was answered, for people; no secret.
    package let detail: String?
    package let milliseconds: Int?
}

/// One notice for one receiver, with its whole story.
package struct DeliveryRecord: Hashable, Sendable {
    package let id: Int64
    package let receiver: String
    /// What chose the receiver, for people, such as `route.receivers`.
    package let namedBy: String?
    package let identity: NoticeIdentity
    package let registration: String
    /// The certificate's or list's; nil for a finding.
    package let fingerprint: Fingerprint?
    /// The certificate's subject, or what a finding says.
    package let about: String
    /// When the notice was decided.
    package let decidedAt: Instant
    package let state: DeliveryState
    /// Why it is in its state, where that needs a reason.
    package let reason: String?
    /// Whether an attempt may have reached the receiver without our knowing.
    package let mayHaveBeenSeen: Bool
    /// When it may be tried next, the receiver's gate considered; nil when it is settled or held, or its
    /// receiver is gone.
    package let nextAttempt: Instant?
    /// Whether it waits for a person's word, since it may have arrived.
    package let waitsForWord: Bool
    /// The silence that holds it; nil when none does.
    package let hold: DeliveryHold?
    /// The end of the receiver's quiet hours, for which it waits or has waited; nil when none held it.
    package let quietUntil: Instant?
    package let settledAt: Instant?
    /// The identifier of the message that carries it; nil before its first attempt.
    package let messageIdentifier: String?
    /// How many notices that message carried when it was frozen: several in a digest.
    package let messagePartCount: Int
    package let attempts: [AttemptRecord]

    /// The stage, for a notice of one.
    package var stage: Stage? { identity.stage >= 0 ? Stage(secondsBefore: identity.stage) : nil }
}

/// Why a delivery is held, and until when.
package struct DeliveryHold: Hashable, Sendable {
    /// The silence's id.
    package let silence: Int64
    package let until: Instant
    package let author: String
    package let reason: String
}

/// What came of a person's wish for one delivery.
package enum DeliveryIntervention: Hashable, Sendable {
    case done
    case unknown
    /// It is settled, or on its way just now.
    case impossible(DeliveryState)
    /// A silence holds it.
    case held(DeliveryHold)
}

extension Ledger {
    /// Deliveries in any of `states`, oldest decision first.
    package func deliveries(in states: [DeliveryState]) async throws -> [DeliveryRecord] {
        try await engine.read {
            try DeliveryReader(session: $0).deliveries(
                where: "d.state IN (\(SQLList.elements(of: "$1")))", [.list(states)])
        }
    }

    /// All deliveries of notices about `subject`.
    package func deliveries(about subject: NoticeSubject) async throws -> [DeliveryRecord] {
        try await engine.read {
            try DeliveryReader(session: $0).deliveries(where: "n.subject = $1", [.text(subject.text)])
        }
    }

    /// Makes a delivery due now, whatever its schedule and its receiver's gate say.
    package func retryDelivery(_ id: Int64, at now: Instant) async throws -> DeliveryIntervention {
        try await engine.write { session in
            let record = try DeliveryReader(session: session).deliveries(where: "d.id = $1", [.integer(id)]).first
            if let hold = record?.hold, hold.until > now { return .held(hold) }
            return try Self.intervene(in: id, session) { receiver in
                try session.execute(
                    "UPDATE deliveries SET next_at = $1 WHERE id = $2", [.integer(now.seconds), .integer(id)])
                try session.execute(
                    """
                    UPDATE receivers SET not_before = 0, paused_until = 0, disabled_because = NULL WHERE name = $1
                    """, [.text(receiver)])
            }
        }
    }

    /// Ends a delivery that somebody has seen to.
    package func cancelDelivery(_ id: Int64, at now: Instant) async throws -> DeliveryIntervention {
        try await engine.write { session in
            try Self.intervene(in: id, session) { _ in
                try session.execute(
                    "UPDATE deliveries SET state = 'cancelled', reason = 'cancelled by hand', settled_at = $1 WHERE id = $2",
                    [.integer(now.seconds), .integer(id)])
            }
        }
    }

    private static func intervene(
        in id: Int64, _ session: any SQLSession, _ act: (_ receiver: String) throws -> Void
    ) throws -> DeliveryIntervention {
        let found = try session.first("SELECT state, receiver FROM deliveries WHERE id = $1", [.integer(id)]) { row in
            (state: row.text(0).flatMap(DeliveryState.init(rawValue:)) ?? .pending, receiver: row.text(1) ?? "")
        }
        guard let found else { return .unknown }
        guard found.state.isOpen, found.state != .sending else { return .impossible(found.state) }
        try act(found.receiver)
        return .done
    }
}

/// Reads deliveries with all that belongs to them.
struct DeliveryReader {
    let session: any SQLSession

    func deliveries(where condition: SQLText, _ parameters: [SQLValue]) throws -> [DeliveryRecord] {
        let rows = try session.query(
            """
            SELECT d.id, d.receiver, n.subject, n.kind, n.stage, n.episode, n.registration, n.fingerprint,
                n.message, n.observed_at, d.state, d.reason, d.maybe_seen,
                CASE WHEN d.\(DeliveryState.isOpenInSQL) AND r.disabled_because IS NULL
                    AND d.next_at < \(OutboxWriter.neverInSQL) THEN
                    CASE WHEN r.not_before > d.next_at THEN r.not_before ELSE d.next_at END END,
                d.settled_at, m.identifier, m.part_count,
                d.\(DeliveryState.isOpenInSQL) AND d.next_at >= \(OutboxWriter.neverInSQL), n.repetition,
                s.id, s.ends_at, s.author, s.reason, d.named_by, \(ObjectRows.nameColumns),
                d.quiet_until
            FROM deliveries d JOIN notices n ON n.id = d.notice_id LEFT JOIN certificates c ON c.fingerprint = n.fingerprint
            LEFT JOIN receivers r ON r.name = d.receiver LEFT JOIN messages m ON m.id = d.message
            LEFT JOIN silences s ON s.id = d.held_by AND s.ended_at IS NULL AND d.\(DeliveryState.isOpenInSQL)
            WHERE \(condition) ORDER BY n.observed_at, n.id, d.receiver
            """, parameters
        ) { try record(from: $0) }
        return rows
    }

    private func record(from row: any SQLRow) throws -> DeliveryRecord {
        guard let id = row.integer(0), let kind = row.text(3).flatMap(NoticeKind.init(rawValue:)),
            let state = row.text(10).flatMap(DeliveryState.init(rawValue:))
        else { throw LedgerDamage("a delivery of an unknown kind") }
        return DeliveryRecord(
            id: id, receiver: row.text(1) ?? "", namedBy: row.text(23),
            identity: NoticeIdentity(
                subject: row.text(2) ?? "", kind: kind, stage: row.integer(4) ?? -1, episode: row.integer(5) ?? 0,
                repetition: row.integer(18) ?? 0),
            registration: row.text(6) ?? "", fingerprint: row.blob(7).flatMap(Fingerprint.init(bytes:)),
            about: row.text(8) ?? ObjectRows.name(from: row, at: 24), decidedAt: Instant(seconds: row.integer(9) ?? 0),
            state: state,
            reason: row.text(11), mayHaveBeenSeen: row.integer(12) == 1,
            nextAttempt: row.integer(13).map(Instant.init(seconds:)),
            waitsForWord: row.integer(17) == 1,
            hold: row.integer(19).map { silence in
                DeliveryHold(
                    silence: silence, until: Instant(seconds: row.integer(20) ?? 0), author: row.text(21) ?? "",
                    reason: row.text(22) ?? "")
            }, quietUntil: row.integer(27).map(Instant.init(seconds:)),
            settledAt: row.integer(14).map(Instant.init(seconds:)),
            messageIdentifier: row.text(15),
            messagePartCount: Int(row.integer(16) ?? 1), attempts: try attempts(of: id))
    }

    private func attempts(of delivery: Int64) throws -> [AttemptRecord] {
        try session.query(
            """
            SELECT number, started_at, outcome, status, detail, milliseconds FROM attempts
            WHERE delivery_id = $1 ORDER BY number
            """, [.integer(delivery)]
        ) { row in
            AttemptRecord(
                number: Int(row.integer(0) ?? 0), startedAt: Instant(seconds: row.integer(1) ?? 0),
                outcome: row.text(2).flatMap(AttemptOutcome.init(rawValue:)), status: row.integer(3).map(Int.init),
                detail: row.text(4), milliseconds: row.integer(5).map(Int.init))
        }
    }
}
