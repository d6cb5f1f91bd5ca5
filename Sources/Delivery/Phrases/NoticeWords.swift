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
    package let registration: String
    package let role: Role?
    /// What expires; a certificate, for a finding.
    package let object: WatchedObject.Kind
    /// The subject's name or, without one, its serial number; bounded.
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
    package let successorExpiry: Instant?
    /// The CA that ends it before its own end; bounded.
    package let culprit: String?
    package let dependents: Dependents
    /// The stages that passed, and since when nobody looked.
    package let missed: [String]
    package let notObservedSince: Instant?
    package let finding: FindingCode?
    /// The finding's own sentence.
    package let findingMessage: String?

    /// `registration` is as it is configured now; nil when it was taken out.
    package init(_ facts: NoticeFacts, registration: Registration?) {
        kind = facts.identity.kind
        self.registration = facts.registration
        role = registration?.role
        object = facts.object?.kind ?? .certificate
        subject = String((facts.object?.name ?? "").prefix(200))
        expiry = facts.expiry
        timeLeft = facts.expiry.map { $0 - facts.askedAt }
        place = facts.locations.first.map { String($0.description.prefix(500)) }
        furtherPlaces = max(0, facts.locations.count - 1)
        foundBy = facts.locations.first.map(Finder.init)
        owner = registration?.owner
        remedy = Remedy(object, of: registration)
        culprit = facts.earlyEnd.map { String($0.culprit.name.prefix(200)) }
        dependents = facts.dependents
        successorExpiry =
            if case .at(let expiry) = facts.successor?.validity.expiry { expiry } else { nil }
        missed = facts.missed.map(\.description)
        notObservedSince = facts.notObservedSince
        finding = NoticeSubject(text: facts.identity.subject).findingCode
        findingMessage = facts.message.map { String($0.prefix(2_000)) }
    }
}

extension WatchedObject {
    /// The subject, or the serial number of what has none; for a list, its issuer.
    fileprivate var name: String {
        switch self {
        case .certificate(let certificate):
            certificate.subject.isEmpty ? "serial \(certificate.serialNumber)" : certificate.subject
        case .revocationList(let list): list.issuer
        }
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
