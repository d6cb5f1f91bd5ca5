import Certificates
import ExpiryRules
import LedgerStorage

/// `data` of a message: the facts of one notice. A fact that does not exist has no key.
struct MessageData: Encodable, Sendable {
    /// Whether the message opens an incident or ends one.
    enum Status: String, Encodable {
        case firing
        case resolved
    }

    /// A span of time without observations.
    struct Blindness: Encodable {
        let from: Instant
        let to: Instant
    }

    let schema = 1
    let noticeID: String
    let status: Status
    /// One or two sentences for people.
    let text: String
    /// Registration and, for a certificate, its subject.
    let subject: String
    let registration: String
    let role: String?
    let owner: String?
    let labels: [String: String]
    let hostnames: [String]
    let severity: String
    let certificate: CertificateFacts?
    let revocationList: RevocationListFacts?
    /// The successor, in `certificate.renewed`.
    let replacedBy: CertificateFacts?
    let locations: [String]
    /// `30d`, `expired`.
    let stage: String?
    let thresholdDays: Double?
    /// Rounded up, so 0 means expired.
    let daysLeftAtNotice: Int64?
    let effectiveExpiry: Instant?
    /// The CA that ends the certificate before its own notAfter.
    let effectiveBecause: Culprit?
    /// The certificates and endpoints that stop working when this CA or revocation list expires.
    let dependents: DependentFacts?
    let observedAt: Instant
    /// From the start of the condition to the first attempt to send the message, in seconds.
    let lateBySeconds: Int64
    /// The thresholds, in days, that were crossed without an observation.
    let missed: [Double]
    let notObserved: Blindness?
    let episode: Int64
    /// The number of a reminder; nil for any other notice.
    let reminder: Int64?

    enum CodingKeys: String, CodingKey {
        case schema, status, text, subject, registration, role, owner, labels, hostnames, severity, certificate
        case locations, stage, missed, episode, reminder
        case noticeID = "notice_id"
        case replacedBy = "replaced_by"
        case thresholdDays = "threshold_days"
        case daysLeftAtNotice = "days_left_at_notice"
        case effectiveExpiry = "effective_expiry"
        case effectiveBecause = "effective_because"
        case dependents
        case revocationList = "revocation_list"
        case observedAt = "observed_at"
        case lateBySeconds = "late_by_s"
        case notObserved = "not_observed"
    }

    /// - Parameters:
    ///   - facts: the facts of the notice.
    ///   - registration: as configured now; nil when it was removed from the configuration.
    ///   - id: the message's identifier.
    ///   - text: the text for people; nil for the built-in text in English.
    ///   - isMinimal: whether lists are left out.
    init(_ facts: NoticeFacts, registration: Registration?, id: String, text: String, isMinimal: Bool) {
        noticeID = id
        status = facts.identity.kind.isResolution ? .resolved : .firing
        self.text = text
        subject =
            [facts.registration, facts.object?.name].compactMap(\.self)
            .joined(separator: "/").bounded
        self.registration = facts.registration
        role = registration?.role.rawValue
        owner = registration?.owner
        labels = isMinimal ? [:] : registration?.labels ?? [:]
        hostnames = isMinimal ? [] : registration?.hostnames ?? []
        severity = facts.severity.rawValue
        certificate = facts.certificate.map {
            CertificateFacts($0, nameLimit: isMinimal ? 0 : CertificateFacts.nameLimit)
        }
        revocationList = facts.object?.revocationList.map(RevocationListFacts.init)
        replacedBy = isMinimal ? nil : facts.successor?.certificate.map { CertificateFacts($0) }
        locations = facts.locations.prefix(isMinimal ? 1 : NoticeFacts.locationLimit).map(\.description.bounded)
        stage = facts.stage?.description
        thresholdDays = facts.stage.map(Self.days)
        effectiveExpiry = facts.expiry
        effectiveBecause = facts.earlyEnd.map { Culprit($0.culprit) }
        dependents = isMinimal ? nil : DependentFacts(facts.dependents)
        daysLeftAtNotice = facts.expiry.map { max(0, ($0 - facts.observedAt).wholeDays) }
        observedAt = facts.observedAt
        lateBySeconds = max(0, (facts.askedAt - facts.occurredAt).seconds)
        missed = facts.missed.map(Self.days)
        notObserved = facts.notObservedSince.map { Blindness(from: $0, to: facts.observedAt) }
        episode = facts.identity.episode
        reminder = facts.identity.repetition > 0 ? facts.identity.repetition : nil
    }

    private static func days(_ stage: Stage) -> Double {
        Double(stage.secondsBefore) / 86_400
    }
}

/// A certificate in a message.
struct CertificateFacts: Encodable, Sendable {
    /// The most names that are listed. The rest are counted, to keep a message under 20 kB.
    static let nameLimit = 50

    let sha256: String
    let serial: String
    let subjectDN: String
    let issuerDN: String
    let sans: [String]
    let sansOmitted: Int
    let notBefore: Instant?
    let notAfter: Instant?
    let isCA: Bool

    enum CodingKeys: String, CodingKey {
        case sha256, serial, sans
        case subjectDN = "subject_dn"
        case issuerDN = "issuer_dn"
        case sansOmitted = "sans_omitted"
        case notBefore = "not_before"
        case notAfter = "not_after"
        case isCA = "is_ca"
    }

    init(_ certificate: Certificate, nameLimit: Int = Self.nameLimit) {
        sha256 = certificate.fingerprint.description
        serial = certificate.serialNumber.description
        subjectDN = certificate.subject.bounded
        issuerDN = certificate.issuer.bounded
        sans = certificate.subjectAlternativeNames.prefix(nameLimit).map { String($0.prefix(255)) }
        sansOmitted = max(0, certificate.subjectAlternativeNames.count - nameLimit)
        notBefore = certificate.validity.notBefore
        notAfter = certificate.validity.notAfter
        isCA = certificate.isCA
    }
}

/// A revocation list in a message.
struct RevocationListFacts: Encodable, Sendable {
    let sha256: String
    let issuerDN: String
    let number: String?
    let thisUpdate: Instant?
    let nextUpdate: Instant?

    enum CodingKeys: String, CodingKey {
        case sha256, number
        case issuerDN = "issuer_dn"
        case thisUpdate = "this_update"
        case nextUpdate = "next_update"
    }

    init(_ list: RevocationList) {
        sha256 = list.fingerprint.description
        issuerDN = list.issuer.bounded
        number = list.number?.description
        thisUpdate = list.thisUpdate
        nextUpdate = list.nextUpdate
    }
}

/// The CA whose expiry ends a certificate.
struct Culprit: Encodable, Sendable {
    let sha256: String
    let subjectDN: String

    enum CodingKeys: String, CodingKey {
        case sha256
        case subjectDN = "subject_dn"
    }

    init(_ culprit: EarlyEnd.Culprit) {
        sha256 = culprit.fingerprint.description
        subjectDN = culprit.name.bounded
    }
}

/// The certificates and endpoints that stop working with a CA or a revocation list.
struct DependentFacts: Encodable, Sendable {
    let certificates: Int
    let endpoints: [String]

    /// nil when nothing depends on it.
    init?(_ dependents: Dependents) {
        guard dependents != Dependents() else { return nil }
        certificates = dependents.certificates
        endpoints = dependents.endpoints
    }
}

extension String {
    /// At most 500 characters. A message has a size limit; text from certificates and directories has none.
    fileprivate var bounded: String {
        count <= 500 ? self : prefix(499) + "…"
    }
}
