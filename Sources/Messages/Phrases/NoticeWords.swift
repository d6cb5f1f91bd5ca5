import Certificates
import ExpiryRules
import LedgerStorage

/// The facts of a notice, as parts for sentences.
package struct NoticeWords: Sendable {
    /// The kind of the first place where the certificate was found.
    package enum Finder: Hashable, Sendable, CaseIterable {
        case file, endpoint, fetched, standardInput, observed
    }

    package let kind: NoticeKind
    /// Whether an earlier notice reported the same stage or finding.
    package let isReminder: Bool
    package let registration: String
    package let role: Role?
    /// The kind of object that expires; nil for a finding.
    package let object: WatchedObject.Kind?
    /// The certificate's name, or the revocation list's issuer, of limited length.
    package let subject: String
    package let expiry: Instant?
    /// nil when it is unknown.
    package let timeLeft: TimeSpan?
    /// The first place; `furtherPlaces` counts the others.
    package let place: String?
    package let furtherPlaces: Int
    package let foundBy: Finder?
    package let owner: String?
    package let remedy: Remedy
    /// The CA that ends the certificate before its own notAfter.
    package let culprit: String?
    /// The certificates and endpoints that stop working with the object.
    package let dependents: Dependents
    package let successorExpiry: Instant?
    /// How long before expiry the stages began that were not notified in time.
    package let missed: [TimeSpan]
    /// When the certificate was last checked before those stages; nil when it was not known then.
    package let notObservedSince: Instant?
    package let finding: FindingCode?
    /// What the finding states; nil for any other notice.
    package let findingFacts: FindingFacts?
    /// When the condition that the notice reports began.
    package let occurredAt: Instant
    /// The facts of a summary; nil for any other notice.
    package let summary: SummaryFacts?

    /// `registration` is as configured now; nil when it was removed from the configuration.
    package init(_ facts: NoticeFacts, registration: Registration?) {
        kind = facts.identity.kind
        isReminder = facts.identity.repetition > 0 && facts.identity.kind != .summary
        self.registration = facts.registration
        role = registration?.role
        object = facts.object?.kind
        subject = String((facts.object?.name ?? "").prefix(200))
        expiry = facts.expiry
        timeLeft = facts.expiry.map { $0 - facts.askedAt }
        place = facts.locations.first.map { String($0.description.prefix(500)) }
        furtherPlaces = max(0, facts.locations.count - 1)
        foundBy = facts.locations.first.map(Finder.init)
        owner = registration?.owner
        remedy = Remedy(facts, registration: registration)
        culprit = facts.earlyEnd.map { String($0.culprit.name.prefix(200)) }
        dependents = facts.dependents
        successorExpiry =
            if case .at(let expiry) = facts.successor?.validity.expiry { expiry } else { nil }
        missed = facts.missed.compactMap { if case .before(let span) = $0 { span } else { nil } }
        notObservedSince = facts.notObservedSince
        finding = facts.identity.subject.findingCode
        summary = facts.summaryFacts
        findingFacts = facts.finding
        occurredAt = facts.occurredAt
    }

    /// The most characters of a finding's statement in a message.
    private static let statementLimit = 2_000

    /// The statement of a finding, of limited length; nil for any other notice.
    func statement(in language: Language) -> String? {
        guard let finding, let findingFacts else { return nil }
        return String(findingFacts.statement(of: finding, in: language).prefix(Self.statementLimit))
    }

    /// The statement of a finding and its remedy; nil for any other notice.
    func findingText(in language: Language) -> String? {
        guard let finding, let findingFacts, let statement = statement(in: language) else { return nil }
        let isSpaced = language == .english || !statement.hasSuffix("。")
        return statement + (isSpaced ? " " : "") + findingFacts.remedy(of: finding, in: language)
    }
}

extension NoticeWords.Finder {
    init(_ location: Location) {
        self =
            switch location {
            case .file: .file
            case .endpoint: .endpoint
            case .fetched: .fetched
            case .standardInput: .standardInput
            case .observed: .observed
            }
    }
}
