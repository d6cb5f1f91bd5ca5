import Certificates
import ExpiryRules

/// What a notice is about, as text: part of its identity.
package struct NoticeSubject: Hashable, Sendable {
    package let text: String

    package init(text: String) {
        self.text = text
    }

    package static func object(_ fingerprint: Fingerprint, _ kind: WatchedObject.Kind) -> NoticeSubject {
        NoticeSubject(text: "\(kind.rawValue):\(fingerprint)")
    }

    package static func certificate(_ fingerprint: Fingerprint) -> NoticeSubject {
        .object(fingerprint, .certificate)
    }

    /// What kind of thing expires; nil for a finding.
    package var objectKind: WatchedObject.Kind? {
        text.split(separator: ":", maxSplits: 1).first.flatMap { WatchedObject.Kind(rawValue: String($0)) }
    }

    package static func finding(registration: String, code: FindingCode, place: String) -> NoticeSubject {
        NoticeSubject(text: "finding:\(registration):\(code.rawValue):\(place)")
    }

    /// Everything: of a summary.
    package static let summary = NoticeSubject(text: "summary")
    /// What a summary names in place of a registration.
    static let summaryRegistration = "notafter"

    /// The code, if this is a finding.
    package var findingCode: FindingCode? { finding.flatMap { FindingCode(rawValue: String($0.code)) } }

    /// Where, if this is a finding.
    package var place: String? { finding.map { String($0.place) } }

    /// Neither a registration's name nor a code holds a colon; a place may.
    private var finding: (code: Substring, place: Substring)? {
        let parts = text.split(separator: ":", maxSplits: 3, omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "finding" ? (parts[2], parts[3]) : nil
    }
}

/// What a notice says. Raw values stand in the ledger and are part of each message's id.
package enum NoticeKind: String, Hashable, Sendable, CaseIterable {
    case expiring
    case expired
    /// Ends what was told of a certificate: a successor took its place.
    case renewed
    /// Ends what was told of a certificate: it is gone from every registered place.
    case removed
    /// Ends what was told of a certificate too early, by a clock that ran ahead: it is told again when its time comes.
    case withdrawn
    case finding
    /// Ends what was told of a finding.
    case findingResolved = "finding_resolved"
    /// How everything stands: no trouble, and nothing that ends one.
    case summary

    /// Whether this notice takes back what others told.
    package var isResolution: Bool {
        switch self {
        case .renewed, .removed, .withdrawn, .findingResolved: true
        case .expiring, .expired, .finding, .summary: false
        }
    }
}

/// Why something is watched no longer. Raw values stand in the ledger.
package enum EndReason: String, Hashable, Sendable, CaseIterable {
    case renewed
    case removed
    /// Its registration was taken out of the configuration: nothing is told any more, not even an end.
    case unregistered
    /// The finding is no longer true.
    case recovered
    /// The threshold was taken out of the configuration: of this stage nothing is told any more.
    case thresholdRemoved = "threshold_removed"
    /// Told for a time that, by a mended clock, has not come.
    case toldTooEarly = "told_too_early"
    /// The end of something that is back: told no more.
    case reopened

    /// The notice that tells of this end to those who were told of the trouble.
    var resolution: NoticeKind? {
        switch self {
        case .renewed: .renewed
        case .removed: .removed
        case .recovered: .findingResolved
        case .toldTooEarly: .withdrawn
        case .unregistered, .thresholdRemoved, .reopened: nil
        }
    }

    /// What is said of a delivery that was not made for this reason.
    var cancellation: StaticString {
        switch self {
        case .renewed: "renewed before it was told"
        case .removed: "removed before it was told"
        case .unregistered: "its registration was taken out of the configuration"
        case .recovered: "over before it was told"
        case .thresholdRemoved: "its threshold was taken out of the configuration"
        case .toldTooEarly: "decided by a clock that ran ahead; told when its time comes"
        case .reopened: "it was back before its end was told"
        }
    }
}

/// The end of what was told of a subject in one episode.
struct SubjectEnding {
    let subject: NoticeSubject
    let episode: Int64
    let because: EndReason
    let successor: Fingerprint?
}

/// A notice before it has a row.
struct NoticeDraft {
    let subject: NoticeSubject
    let kind: NoticeKind
    /// nil for what is no stage of a certificate.
    let stage: Stage?
    let episode: Int64
    /// The number of a reminder of the stage; 0 for what is none.
    var repetition: Int64 = 0
    /// The one that speaks in it.
    let registration: String
    /// Those whose people hear of it, where they are more than the one that speaks.
    var onBehalfOf: [String] = []
    let fingerprint: Fingerprint?
    let severity: Severity
    var message: String?
    /// When what is told became true.
    var occurredAt: Instant
    var missed: [Stage] = []
    /// Since when nobody looked while stages were missed; nil when nobody could have looked before.
    var notObservedSince: Instant?
    /// After this nobody needs to hear it any more.
    let usefulUntil: Instant
    var successor: Fingerprint?

    /// How long after expiry a notice is still worth sending.
    static let usefulness = TimeSpan.days(7)
    /// A finding is worth telling until it is over, and then its deliveries are cancelled.
    static let whileItIsTrue = Instant.noWellDefinedExpiry

    /// The stage as the ledger has it; -1 stands for none.
    var stageColumn: Int64 { stage?.secondsBefore ?? -1 }
}
