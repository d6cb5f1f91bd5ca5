import Certificates
import ExpiryRules

/// The notices that wait for a receiver, for the message to other receivers.
struct WaitingNotices {
    /// Which deliveries are counted. Deliveries that a silence holds are left out, since they do not wait for the
    /// receiver.
    enum Kind: CaseIterable {
        case refused
        case all

        /// A condition on a delivery `d` of the receiver `$1`.
        fileprivate var condition: SQLText {
            let open: SQLText = "d.receiver = $1 AND d.held_by IS NULL AND d.\(DeliveryState.isOpenInSQL)"
            return switch self {
            case .refused: "\(open) AND d.refused IS NOT NULL"
            case .all: open
            }
        }
    }

    /// How many of the waiting notices are named.
    private static let exampleLimit = 5

    private(set) var count = 0
    /// The number of notices that no message about the receiver has covered yet.
    private(set) var unnamed = 0
    private(set) var examples: [ReceiverFacts.WaitingNotice] = []
    /// The last attempt at one of them; nil without one.
    private(set) var lastAttempt: Attempt?

    /// How an attempt ended.
    struct Attempt {
        let outcome: AttemptOutcome
        let detail: String
    }

    /// Whether any notice waits. It is called after each delivery, so it costs one index look-up for any backlog.
    static func areAny(_ kind: Kind, for receiver: String, in session: any SQLSession) throws -> Bool {
        try session.exists("SELECT 1 FROM deliveries d WHERE \(kind.condition) LIMIT 1", [.text(receiver)])
    }

    init(_ kind: Kind, for receiver: String, in session: any SQLSession) throws {
        let condition = kind.condition
        let counts = try session.one(
            "SELECT count(*), count(CASE WHEN d.refused = 0 THEN 1 END) FROM deliveries d WHERE \(condition)",
            [.text(receiver)]
        ) { (try $0.count(), try $0.count()) }
        (count, unnamed) = counts ?? (0, 0)
        guard count > 0 else { return }
        examples = try session.all(
            """
            SELECT n.registration, n.kind, n.stage, n.subject, \(ObjectRows.nameColumns) FROM deliveries d
            JOIN notices n ON n.id = d.notice_id LEFT JOIN certificates c ON c.fingerprint = n.fingerprint
            WHERE \(condition) ORDER BY d.refused, \(Severity.rankInSQL("n.severity")) DESC, n.id LIMIT $2
            """, [.text(receiver), SQLValue(Self.exampleLimit)]
        ) { try Self.example(&$0) }
        lastAttempt = try session.one(
            """
            SELECT a.outcome, a.detail FROM deliveries d JOIN attempts a ON a.delivery_id = d.id
            WHERE \(condition) AND a.outcome IS NOT NULL ORDER BY a.started_at DESC, a.number DESC LIMIT 1
            """, [.text(receiver)]
        ) { row in
            let outcome = try row.value(AttemptOutcome.self)
            return Attempt(outcome: outcome, detail: row.optionalText() ?? "")
        }
    }

    private static func example(_ row: inout RowReader) throws -> ReceiverFacts.WaitingNotice {
        let (registration, kind, seconds) = (try row.text(), try row.value(NoticeKind.self), try row.integer())
        let subject = try row.subject()
        return ReceiverFacts.WaitingNotice(
            registration: registration, kind: kind,
            stage: seconds > 0 ? Stage(secondsBefore: seconds).description : nil, code: subject.findingCode,
            name: try row.optionalObjectName().map { String($0.prefix(200)) })
    }

    /// The most characters of an answer that a finding quotes.
    static let answerLimit = 300

    /// The facts of a finding about the receiver.
    func facts(of receiver: String, _ trouble: ReceiverFacts.Trouble) -> ReceiverFacts {
        let detail = lastAttempt?.detail ?? ""
        return ReceiverFacts(
            receiver: receiver, trouble: trouble, waiting: count, examples: examples,
            answer: detail.isEmpty ? nil : String(detail.prefix(Self.answerLimit)))
    }
}
