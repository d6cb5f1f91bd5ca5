import Certificates
import ExpiryRules

/// Finds the next deliveries to send to a receiver.
struct ClaimQueue {
    let session: any SQLSession
    let now: Instant
    let boot: BootTime
    /// Endpoints that this pass has not probed yet. Their notices are not sent before the probe.
    let unprobedEndpoints: Set<String>

    /// A delivery that may be claimed.
    struct Candidate {
        let deliveryID: Int64
        let receiver: String
        let state: DeliveryState
        /// The row of the message that was frozen for it; nil before its first attempt.
        let messageRow: Int64?
        let noticeIsOpen: Bool
        let kind: NoticeKind
        /// Whether it is sent by itself: it was refused together with others, or it is a summary.
        let goesAlone: Bool
        let gateClosings: Int
    }

    /// A condition on a notice `n` and its delivery `d`: no other notice of the subject is being sent to the receiver,
    /// so that no notice overtakes another. The join starts with the subject's notices, which are few; thousands of
    /// deliveries may be leased at the same time.
    private static let isAloneInSQL: SQLText = """
        NOT EXISTS (
            SELECT 1 FROM notices m CROSS JOIN deliveries s ON s.notice_id = m.id AND s.receiver = d.receiver
            WHERE m.subject = n.subject AND s.state = 'sending')
        """

    /// The first due delivery, if the receiver's gate is open. A receiver that has failed gets one message at a time.
    func firstDue(for receiver: String) throws -> Candidate? {
        try session.one(
            """
            SELECT d.id, d.state, d.message, n.state, n.kind, d.goes_alone, r.failures
            FROM deliveries d JOIN notices n ON n.id = d.notice_id JOIN receivers r ON r.name = d.receiver
            WHERE d.receiver = $1 AND d.\(DeliveryState.isOpenInSQL)
                AND r.disabled_because IS NULL AND r.not_before <= $2
                AND ((d.state = 'sending' AND (d.boot_id <> $3 OR d.lease_until < $4))
                    OR (d.state <> 'sending' AND d.next_at <= $2 AND \(Self.isAloneInSQL)))
                AND NOT (\(ClockPrecedence.mustBeReachedFirstInSQL(since: "$5")))
                AND NOT (\(UnprobedEndpoints.areConcernedInSQL(names: "$6")))
                AND (r.failures = 0 OR NOT EXISTS (
                    SELECT 1 FROM deliveries p WHERE p.receiver = $1 AND p.state = 'sending' AND p.boot_id = $3
                        AND p.lease_until >= $4))
            ORDER BY d.next_at, d.id LIMIT 1
            """,
            [
                .text(receiver), .integer(now.seconds), .text(boot.bootID), .integer(boot.seconds),
                ClockPrecedence.parameter(at: now), UnprobedEndpoints.parameter(unprobedEndpoints),
            ]
        ) { row in
            Candidate(
                deliveryID: try row.integer(), receiver: receiver, state: try row.value(),
                messageRow: row.optionalInteger(), noticeIsOpen: try row.value(NoticeState.self) == .open,
                kind: try row.value(), goesAlone: try row.flag(), gateClosings: try row.count())
        }
    }

    /// The due deliveries that can share a message with `candidate`, one for each subject. They are in the order of an
    /// index, so that the cost does not grow with the backlog.
    func peers(of candidate: Candidate, by batching: Batching) throws -> [Int64] {
        var due: [Int64] = []
        var subjects: Set<String> = []
        let sql: SQLText = """
            SELECT d.id, n.subject FROM deliveries d CROSS JOIN notices n ON n.id = d.notice_id
            WHERE d.receiver = $1 AND d.\(DeliveryState.isOpenInSQL) AND d.state <> 'sending' AND d.message IS NULL
                AND d.goes_alone = 0
                AND d.next_at <= $2 AND n.state = 'open' AND \(Self.isAloneInSQL)
                AND NOT (\(ClockPrecedence.mustBeReachedFirstInSQL(since: "$3")))
                AND NOT (\(UnprobedEndpoints.areConcernedInSQL(names: "$5")))
                AND NOT ($4 = 1 AND n.kind IN (\(NoticeKind.resolutionsInSQL)))
            ORDER BY d.next_at, d.id
            """
        let parameters: [SQLValue] = [
            .text(candidate.receiver), .integer(now.seconds), ClockPrecedence.parameter(at: now),
            .integer(batching.sparesResolutions ? 1 : 0), UnprobedEndpoints.parameter(unprobedEndpoints),
        ]
        try session.forEachRow(sql, parameters) { row in
            var row = RowReader(row, of: sql)
            let id = try row.integer()
            if subjects.insert(try row.text()).inserted { due.append(id) }
            return due.count < batching.limit
        }
        return due
    }

    /// The deliveries of a message that are still to be sent.
    func parts(ofMessage messageRow: Int64) throws -> [Int64] {
        try session.all(
            """
            SELECT d.id FROM deliveries d JOIN notices n ON n.id = d.notice_id
            WHERE d.message = $1 AND d.\(DeliveryState.isOpenInSQL) AND d.state <> 'sending' AND n.state = 'open'
                AND d.held_by IS NULL AND \(Self.isAloneInSQL)
            ORDER BY d.id
            """, [.integer(messageRow)]
        ) { try $0.integer() }
    }

    /// The notices of deliveries, in the order of the deliveries' ids.
    func notices(of deliveries: [Int64]) throws -> [Int64] {
        try session.all(
            "SELECT notice_id FROM deliveries WHERE id IN (\(SQLList.elements(of: "$1"))) ORDER BY id",
            [.list(deliveries)]
        ) { try $0.integer() }
    }
}
