import Certificates
import ExpiryRules

/// Takes messages for one claimant, inside one transaction.
struct Claimant {
    let session: any SQLSession
    let plan: WatchPlan
    let now: Instant
    let boot: BootTime
    let terms: ClaimTerms
    let render: @Sendable (MessageContent) throws -> FrozenMessage

    /// More attempts at one delivery than these are not kept: one that is refused for years must not fill the ledger.
    private static let attemptsKept = 1_000

    /// A delivery that may be taken.
    struct Candidate {
        let deliveryID: Int64
        let receiver: String
        let state: DeliveryState
        /// The row of the message that was frozen for it; nil before its first attempt.
        let messageRow: Int64?
        let noticeIsOpen: Bool
        let kind: NoticeKind?
        /// Together with others it was refused, or it never goes with others.
        let goesAlone: Bool
        let gateClosings: Int
    }

    /// The first delivery that is due, while the receiver's gate is open; a receiver that has failed is tried with one
    /// message at a time.
    func firstDue(for receiver: String) throws -> Candidate? {
        try QuietKeeper(session: session, now: now).apply(terms.quiet, to: receiver)
        return try session.first(
            """
            SELECT d.id, d.state, d.message, n.state, r.failures, n.kind, d.goes_alone
            FROM deliveries d JOIN notices n ON n.id = d.notice_id JOIN receivers r ON r.name = d.receiver
            WHERE d.receiver = $1 AND d.\(DeliveryState.isOpenInSQL)
                AND r.disabled_because IS NULL AND r.not_before <= $2
                AND ((d.state = 'sending' AND (d.boot_id <> $3 OR d.lease_until < $4))
                    OR (d.state <> 'sending' AND d.next_at <= $2 AND \(Self.isAloneInSQL)))
                AND NOT (\(ClockWatch.mustHearFirstInSQL(since: "$5")))
                AND NOT (\(UnprobedEndpoints.areConcernedInSQL(names: "$6")))
                AND (r.failures = 0 OR NOT EXISTS (
                    SELECT 1 FROM deliveries p WHERE p.receiver = $1 AND p.state = 'sending' AND p.boot_id = $3
                        AND p.lease_until >= $4))
            ORDER BY d.next_at, d.id LIMIT 1
            """,
            [
                .text(receiver), .integer(now.seconds), .text(boot.bootID), .integer(boot.seconds),
                .integer((now - ClockWatch.precedence).seconds),
                try UnprobedEndpoints.parameter(terms.unprobedEndpoints),
            ]
        ) { row in
            Candidate(
                deliveryID: row.integer(0) ?? 0, receiver: receiver,
                state: row.text(1).flatMap(DeliveryState.init(rawValue:)) ?? .pending, messageRow: row.integer(2),
                noticeIsOpen: row.text(3) == NoticeState.open.rawValue,
                kind: row.text(5).flatMap(NoticeKind.init(rawValue:)), goesAlone: row.integer(6) == 1,
                gateClosings: Int(row.integer(4) ?? 0))
        }
    }

    /// A condition on a notice `n` and its delivery `d`: nothing is sent of a subject of which something is being sent, so
    /// that nothing overtakes.
    private static let isAloneInSQL: SQLText = """
        NOT EXISTS (
            SELECT 1 FROM notices m JOIN deliveries s ON s.notice_id = m.id AND s.receiver = d.receiver
            WHERE m.subject = n.subject AND s.state = 'sending')
        """

    /// - Returns: nil when the delivery turned out to be needless; then there may be another.
    func take(_ candidate: Candidate) throws -> Claim? {
        if candidate.state == .sending {
            try concedeLostAttempt(of: candidate)
            if terms.holdsUnknown { return nil }
        }
        guard candidate.noticeIsOpen else {
            try OutboxWriter(session: session, now: now).followUp(deliveryID: candidate.deliveryID)
            return nil
        }
        let silences = SilenceKeeper(session: session, plan: plan, now: now)
        guard try silences.hold(.these([candidate.deliveryID])).isEmpty else { return nil }
        let messages = MessageRows(session: session)
        var dissolved: String?
        if let row = candidate.messageRow, let frozen = try messages.frozen(row) {
            try silences.hold(.these(partsStillToBeTold(of: row)))
            let parts = try partsStillToBeTold(of: row)
            if parts.count == frozen.partCount {
                return try claim(parts, row, frozen, candidate)
            }
            dissolved = frozen.identifier
            if try frozen.partCount == 1 || !messages.mayHaveBeenSeen(row) { dissolved = nil }
            try messages.dissolve(row)
        }
        var parts = try peers(of: candidate)
        // Others take the places of those that are held.
        while try !silences.hold(.these(parts)).isEmpty { parts = try peers(of: candidate) }
        var notices = try facts(of: parts, for: candidate.receiver)
        // What a digest has opened that may have arrived, and of which nothing is said any more, is closed by what follows it.
        if let dissolved { notices[0].digests.over.append(dissolved) }
        let content = MessageContent(notices: notices)
        let message = try render(content)
        let row = try messages.insert(message, parts: parts)
        return try hold(parts, row, message, of: content, candidate)
    }

    /// Of a message all of whose notices are still to be told, the bytes are those of its first attempt.
    private func claim(
        _ parts: [Int64], _ row: Int64, _ frozen: MessageRows.Frozen, _ candidate: Candidate
    ) throws -> Claim {
        let content = MessageContent(
            notices: try facts(of: parts, for: candidate.receiver), isMinimal: frozen.isMinimal)
        if let body = frozen.body {
            let message = FrozenMessage(
                identifier: frozen.identifier, isMinimal: frozen.isMinimal, body: body, repeatBody: frozen.repeatBody)
            return try hold(parts, row, message, of: content, candidate)
        }
        let message = try render(content)
        try MessageRows(session: session).freeze(message, as: row)
        return try hold(parts, row, message, of: content, candidate)
    }

    private func hold(
        _ parts: [Int64], _ row: Int64, _ message: FrozenMessage, of content: MessageContent, _ candidate: Candidate
    ) throws -> Claim {
        let token = (0..<16).map { _ in UInt8.random(in: .min ... .max) }
        let list = SQLValue.list(parts)
        let held = try session.query(
            """
            UPDATE deliveries SET state = 'sending', token = $1, attempts = attempts + 1, boot_id = $2,
                lease_until = $3, message = $4 WHERE id IN (\(SQLList.elements(of: "$5")))
            RETURNING id, attempts, maybe_seen
            """,
            [
                .blob(token), .text(boot.bootID), .integer(boot.seconds + terms.lease.seconds), .integer(row), list,
            ]
        ) { row in
            (
                part: Claim.Part(deliveryID: row.integer(0) ?? 0, attempt: Int(row.integer(1) ?? 1)),
                mayHaveBeenSeen: row.integer(2) == 1
            )
        }
        try session.execute(
            """
            INSERT INTO attempts(delivery_id, number, started_at)
            SELECT id, attempts, $1 FROM deliveries WHERE id IN (\(SQLList.elements(of: "$2")))
            """, [.integer(now.seconds), list])
        try session.execute(
            """
            DELETE FROM attempts WHERE delivery_id IN (\(SQLList.elements(of: "$2")))
                AND number <= (SELECT attempts FROM deliveries WHERE id = delivery_id) - $1
            """, [SQLValue(Self.attemptsKept), list])
        return Claim(
            parts: held.map(\.part), messageRow: row, receiver: candidate.receiver, token: token,
            heldUntil: BootTime(bootID: boot.bootID, seconds: boot.seconds + terms.lease.seconds),
            mayBeDuplicate: held.contains(where: \.mayHaveBeenSeen), gateClosings: candidate.gateClosings,
            identities: content.notices.map(\.identity), message: message)
    }

    /// What goes into one message with `candidate`: itself alone, unless the receiver is told of many at once. Of each
    /// subject one.
    private func peers(of candidate: Candidate) throws -> [Int64] {
        guard let batching = terms.batching, !candidate.goesAlone,
            !(batching.sparesResolutions && candidate.kind?.isResolution == true)
        else { return [candidate.deliveryID] }
        var due: [Int64] = []
        var subjects: Set<String> = []
        // In the order of an index, and read no further than to the limit: what a message costs does not follow the backlog.
        try session.forEachRow(
            """
            SELECT d.id, n.subject FROM deliveries d CROSS JOIN notices n ON n.id = d.notice_id
            WHERE d.receiver = $1 AND d.\(DeliveryState.isOpenInSQL) AND d.state <> 'sending' AND d.message IS NULL
                AND d.goes_alone = 0
                AND d.next_at <= $2 AND n.state = 'open' AND \(Self.isAloneInSQL)
                AND NOT (\(ClockWatch.mustHearFirstInSQL(since: "$3")))
                AND NOT (\(UnprobedEndpoints.areConcernedInSQL(names: "$5")))
                AND NOT ($4 = 1 AND n.kind IN (\(NoticeKind.resolutionsInSQL)))
            ORDER BY d.next_at, d.id
            """,
            [
                .text(candidate.receiver), .integer(now.seconds), .integer((now - ClockWatch.precedence).seconds),
                .integer(batching.sparesResolutions ? 1 : 0),
                try UnprobedEndpoints.parameter(terms.unprobedEndpoints),
            ]
        ) { row in
            if subjects.insert(row.text(1) ?? "").inserted { due.append(row.integer(0) ?? 0) }
            return due.count < batching.limit
        }
        return due.count > batching.threshold && due.contains(candidate.deliveryID) ? due : [candidate.deliveryID]
    }

    private func partsStillToBeTold(of messageRow: Int64) throws -> [Int64] {
        try session.query(
            """
            SELECT d.id FROM deliveries d JOIN notices n ON n.id = d.notice_id
            WHERE d.message = $1 AND d.\(DeliveryState.isOpenInSQL) AND d.state <> 'sending' AND n.state = 'open'
                AND d.held_by IS NULL AND \(Self.isAloneInSQL)
            ORDER BY d.id
            """, [.integer(messageRow)]
        ) { $0.integer(0) ?? 0 }
    }

    private func facts(of parts: [Int64], for receiver: String) throws -> [NoticeFacts] {
        let reader = NoticeReader(session: session)
        return try session.query(
            "SELECT notice_id FROM deliveries WHERE id IN (\(SQLList.elements(of: "$1"))) ORDER BY id", [.list(parts)]
        ) { $0.integer(0) ?? 0 }.map { try reader.facts(of: $0, for: receiver, at: now) }
    }

    /// The sender crashed or hangs; the receiver may have the message.
    private func concedeLostAttempt(of candidate: Candidate) throws {
        let lost: SQLText = "SELECT id FROM deliveries WHERE message = $1 AND state = 'sending'"
        let message = SQLValue(candidate.messageRow)
        try session.execute(
            """
            UPDATE attempts SET outcome = 'unknown', detail = 'the sender ended before it could record the answer'
            WHERE outcome IS NULL AND delivery_id IN (\(lost))
                AND number = (SELECT attempts FROM deliveries WHERE id = delivery_id)
            """, [message])
        try session.execute(
            """
            UPDATE deliveries SET state = 'unknown', token = NULL, maybe_seen = 1,
                next_at = CASE WHEN $1 = 1 THEN $2 ELSE next_at END, reason = CASE WHEN $1 = 1 THEN $3 ELSE reason END
            WHERE message = $4 AND state = 'sending'
            """,
            [
                .integer(terms.holdsUnknown ? 1 : 0), .integer(OutboxWriter.never.seconds),
                .text(Settlement.heldDetail("the sender ended before it could record the answer")), message,
            ])
    }
}
