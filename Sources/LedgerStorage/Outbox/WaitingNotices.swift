import Certificates
import ExpiryRules

/// What waits for a receiver, as it is told to others.
struct WaitingNotices {
    /// Which deliveries are counted. What a silence holds waits for its end, and not for the receiver.
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

    /// How many of the notices that wait are named.
    private static let exampleLimit = 5

    private(set) var count = 0
    /// Of them, those that no message about the receiver has named or counted.
    private(set) var unnamed = 0
    private(set) var examples: [String] = []
    /// What the last attempt at one of them met.
    private(set) var answer: String?

    /// Asked after each delivery: costs one look into an index, however much waits.
    static func areAny(_ kind: Kind, for receiver: String, in session: any SQLSession) throws -> Bool {
        try session.first("SELECT 1 FROM deliveries d WHERE \(kind.condition) LIMIT 1", [.text(receiver)]) { _ in true }
            ?? false
    }

    init(_ kind: Kind, for receiver: String, in session: any SQLSession) throws {
        let condition = kind.condition
        let counts = try session.first(
            "SELECT count(*), count(CASE WHEN d.refused = 0 THEN 1 END) FROM deliveries d WHERE \(condition)",
            [.text(receiver)]
        ) { (Int($0.integer(0) ?? 0), Int($0.integer(1) ?? 0)) }
        (count, unnamed) = counts ?? (0, 0)
        guard count > 0 else { return }
        examples = try session.query(
            """
            SELECT n.registration, n.kind, n.stage, n.subject, \(ObjectRows.nameColumns) FROM deliveries d
            JOIN notices n ON n.id = d.notice_id LEFT JOIN certificates c ON c.fingerprint = n.fingerprint
            WHERE \(condition) ORDER BY d.refused, \(Severity.rankInSQL("n.severity")) DESC, n.id LIMIT $2
            """, [.text(receiver), SQLValue(Self.exampleLimit)]
        ) { Self.example($0) }
        answer =
            try session.first(
                """
                SELECT a.detail FROM deliveries d JOIN attempts a ON a.delivery_id = d.id
                WHERE \(condition) AND a.outcome IS NOT NULL ORDER BY a.started_at DESC, a.number DESC LIMIT 1
                """, [.text(receiver)]
            ) { $0.text(0) } ?? nil
    }

    private static func example(_ row: any SQLRow) -> String {
        let subject = NoticeSubject(text: row.text(3) ?? "")
        let stage = row.integer(2).flatMap { $0 > 0 ? Stage(secondsBefore: $0).description : nil }
        let kind = (row.text(1) ?? "").replacing("_", with: " ")
        let name = ObjectRows.name(from: row, at: 4).prefix(200)
        let about = subject.findingCode.map(\.rawValue) ?? (name.isEmpty ? nil : "\"\(name)\"")
        let notice = [kind, stage].compactMap(\.self).joined(separator: " ")
        return "\(row.text(0) ?? ""): \(about.map { "\($0) (\(notice))" } ?? notice)"
    }

    /// `2 notices wait for it: fleet: "CN=a" (expiring 14d); and 1 more`.
    var clause: String {
        let number = count == 0 ? "nothing" : counted(count, "notice")
        let more = count - examples.count
        let list =
            examples.isEmpty ? "" : ": \(examples.joined(separator: "; "))\(more > 0 ? "; and \(more) more" : "")"
        return "\(number) \(count > 1 ? "wait" : "waits") for it\(list)"
    }

    /// What the last attempt met, in parentheses after a space; empty where there was none.
    var answerClause: String { answer.map { " (\($0.prefix(300)))" } ?? "" }
}
