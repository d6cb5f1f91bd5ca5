import Certificates
import ExpiryRules

/// The subject of a notice. It is part of the notice's identity.
package enum NoticeSubject: Hashable, Sendable {
    case object(Fingerprint, WatchedObject.Kind)
    /// The registration of a finding can be `Finding.machine`, and the place can be empty.
    case finding(registration: String, code: FindingCode, place: String)
    case summary

    /// The name in place of a registration for summaries.
    static let summaryRegistration = "notafter"

    package static func certificate(_ fingerprint: Fingerprint) -> NoticeSubject {
        .object(fingerprint, .certificate)
    }

    /// The kind of object that expires; nil for a finding and a summary.
    package var objectKind: WatchedObject.Kind? {
        switch self {
        case .object(_, let kind): kind
        case .finding, .summary: nil
        }
    }

    /// The code of a finding; nil for any other subject.
    package var findingCode: FindingCode? {
        switch self {
        case .finding(_, let code, _): code
        case .object, .summary: nil
        }
    }

    /// The place of a finding; nil for any other subject.
    package var place: String? {
        switch self {
        case .finding(_, _, let place): place
        case .object, .summary: nil
        }
    }
}

extension NoticeSubject {
    /// As the ledger stores it: `certificate:<fingerprint>`, `finding:<registration>:<code>:<place>` or `summary`. It is
    /// part of each message's id, so it never changes.
    package var text: String {
        switch self {
        case .object(let fingerprint, let kind): "\(kind.rawValue):\(fingerprint)"
        case .finding(let registration, let code, let place): "finding:\(registration):\(code.rawValue):\(place)"
        case .summary: "summary"
        }
    }

    /// Reads `text`.
    ///
    /// - Returns: nil for any other text, and for a finding that this version does not know.
    package init?(text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        switch (parts[0], parts.count) {
        case ("summary", 1): self = .summary
        case ("finding", 4...):
            // Names and places can contain colons, and a code cannot.
            let found = parts.indices.dropFirst(2).dropLast().first { FindingCode(rawValue: parts[$0]) != nil }
            guard let found, let code = FindingCode(rawValue: parts[found]) else { return nil }
            self = .finding(
                registration: parts[1..<found].joined(separator: ":"), code: code,
                place: parts[(found + 1)...].joined(separator: ":"))
        case (_, 2):
            guard let kind = WatchedObject.Kind(rawValue: parts[0]),
                let fingerprint = Fingerprint(hexadecimal: parts[1])
            else { return nil }
            self = .object(fingerprint, kind)
        default: return nil
        }
    }
}

/// Why something is no longer watched. The ledger stores the raw values.
package enum EndReason: String, Hashable, Sendable, CaseIterable {
    case renewed
    case removed
    /// Its registration was removed from the configuration. No further notice is sent, not even a resolution.
    case unregistered
    /// The finding is no longer true.
    case recovered
    /// The threshold was removed from the configuration. No further notice of this stage is sent.
    case thresholdRemoved = "threshold_removed"
    /// The notice was decided by a clock that ran ahead, and its time has not come yet.
    case notifiedTooEarly = "told_too_early"
    /// A resolution of something that is back. It is no longer sent.
    case reopened

    /// The kind of the resolution for receivers that had the notice; nil if none is sent.
    var resolution: NoticeKind? {
        switch self {
        case .renewed: .renewed
        case .removed: .removed
        case .recovered: .findingResolved
        case .notifiedTooEarly: .withdrawn
        case .unregistered, .thresholdRemoved, .reopened: nil
        }
    }

    /// The reason of a delivery that was cancelled because of this end.
    var cancellation: StaticString {
        switch self {
        case .renewed: "renewed before it was sent"
        case .removed: "removed before it was sent"
        case .unregistered: "its registration was taken out of the configuration"
        case .recovered: "over before it was sent"
        case .thresholdRemoved: "its threshold was taken out of the configuration"
        case .notifiedTooEarly: "decided by a clock that ran ahead; sent when it is due"
        case .reopened: "it was back before its end was sent"
        }
    }
}

/// The end of a subject's episode.
struct SubjectEnding {
    let subject: NoticeSubject
    let episode: Int64
    let because: EndReason
    let successor: Fingerprint?
}

/// A notice that is not stored yet.
struct NoticeDraft {
    let subject: NoticeSubject
    let kind: NoticeKind
    /// nil for a notice without a stage.
    let stage: Stage?
    let episode: Int64
    /// The number of a reminder of the stage; 0 for any other notice.
    var repetition: Int64 = 0
    /// The registration that the message names.
    let registration: String
    /// All registrations whose receivers get the notice; empty if it is only `registration`.
    var onBehalfOf: [String] = []
    let fingerprint: Fingerprint?
    let severity: Severity
    /// What a finding states; nil for any other notice.
    var facts: FindingFacts?
    /// When the condition that the notice reports began.
    var occurredAt: Instant
    var missed: [Stage] = []
    /// The last pass before the missed stages; nil if the certificate was not known then.
    var notObservedSince: Instant?
    /// An undelivered notice expires after this.
    let usefulUntil: Instant
    var successor: Fingerprint?

    /// How long after the certificate's expiry a notice is still useful.
    static let usefulness = TimeSpan.days(7)
    /// The `usefulUntil` of findings: they are useful until they are resolved, which cancels their deliveries.
    static let whileItIsTrue = Instant.noWellDefinedExpiry

    /// The stage as the ledger stores it; -1 without a stage.
    var stageColumn: Int64 { stage?.secondsBefore ?? -1 }
}
