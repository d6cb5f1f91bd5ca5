import Certificates
import ExpiryRules
import LedgerStorage

/// What a notice is about, in the pieces that sentences are made of.
package struct NoticeWords: Sendable {
    /// Where the certificate was found, of which kind the first place is.
    package enum Finder: Hashable, Sendable, CaseIterable {
        case file, endpoint, fetched, standardInput
    }

    package let kind: NoticeKind
    /// Whether the same was told before.
    package let isReminder: Bool
    package let registration: String
    package let role: Role?
    /// Of what expires; nil for a finding.
    package let object: WatchedObject.Kind?
    /// The certificate's name, or the revocation list's issuer. Bounded.
    package let subject: String
    package let expiry: Instant?
    /// nil when it is unknown.
    package let timeLeft: TimeSpan?
    /// The first of the places, and how many there are besides.
    package let place: String?
    package let furtherPlaces: Int
    package let foundBy: Finder?
    package let owner: String?
    package let remedy: Remedy
    /// The CA that ends it before its own end.
    package let culprit: String?
    /// What falls with it.
    package let dependents: Dependents
    package let successorExpiry: Instant?
    /// How long before expiry the stages began that were not notified in time.
    package let missed: [TimeSpan]
    /// When it was last checked before those stages; nil when it was not known then.
    package let notObservedSince: Instant?
    package let finding: FindingCode?
    /// The finding's own sentence.
    package let findingMessage: String?
    /// How everything stands, if this is a summary.
    package let summary: SummaryFacts?

    /// `registration` is as it is configured now; nil when it was taken out.
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
        finding = NoticeSubject(text: facts.identity.subject).findingCode
        summary = facts.summaryFacts
        findingMessage = facts.message.map { String($0.prefix(2_000)) }
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
            }
    }
}
