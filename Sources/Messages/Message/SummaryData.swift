import Certificates
import ExpiryRules
import LedgerStorage

/// `data` of a summary. A fact that does not exist has no key.
struct SummaryData: Encodable {
    let schema = 1
    let noticeID: String
    let text: String
    /// With `until`, the period that `passes` and `deliveries` count.
    let since: Instant
    let until: Instant
    let watched: Watched
    let passes: Passes
    let findings: Findings
    let expiring: Expiring
    let deliveries: Deliveries
    let next: Next?

    enum CodingKeys: String, CodingKey {
        case schema, text, since, until, watched, passes, findings, expiring, deliveries, next
        case noticeID = "notice_id"
    }

    struct Watched: Encodable {
        let certificates: Int
        let revocationLists: Int
        let endpoints: Int
        let places: Int
        let readSince: Instant?

        enum CodingKeys: String, CodingKey {
            case certificates, endpoints, places
            case revocationLists = "revocation_lists"
            case readSince = "read_since"
        }
    }

    struct Passes: Encodable {
        let finished: Int
        let troubled: Int
        let unfinished: Int
    }

    struct Findings: Encodable {
        struct One: Encodable {
            let registration: String
            let code: String
            let severity: String
            let message: String
        }

        let count: Int
        let first: [One]
    }

    struct Expiring: Encodable {
        struct One: Encodable {
            let registration: String
            let kind: String
            let sha256: String
            let subject: String
            let effectiveExpiry: Instant

            enum CodingKeys: String, CodingKey {
                case registration, kind, sha256, subject
                case effectiveExpiry = "effective_expiry"
            }
        }

        let withinDays: Int64
        let count: Int
        let first: [One]

        enum CodingKeys: String, CodingKey {
            case count, first
            case withinDays = "within_days"
        }
    }

    struct Deliveries: Encodable {
        let made: Int
        let open: Int
        let parked: Int
        let expired: Int
    }

    struct Next: Encodable {
        let at: Instant
        let subject: String
    }

    /// With `isMinimal`, entries are counted but not listed.
    init(_ facts: SummaryFacts, at now: Instant, id: String, text: String, isMinimal: Bool) {
        noticeID = id
        self.text = text
        since = facts.since
        until = now
        watched = Watched(
            certificates: facts.certificates, revocationLists: facts.revocationLists, endpoints: facts.endpoints,
            places: facts.sources, readSince: facts.readSince)
        passes = Passes(
            finished: facts.passes.finished, troubled: facts.passes.troubled, unfinished: facts.passes.unfinished)
        findings = Findings(
            count: facts.findingCount,
            first: (isMinimal ? [] : facts.findings).map { finding in
                Findings.One(
                    registration: finding.registration, code: finding.code.rawValue,
                    severity: finding.severity.rawValue, message: Self.bounded(finding.message))
            })
        expiring = Expiring(
            withinDays: SummaryFacts.outlook.wholeDays, count: facts.endingCount,
            first: (isMinimal ? [] : facts.endings).map { ending in
                Expiring.One(
                    registration: ending.registration, kind: ending.kind.rawValue,
                    sha256: ending.fingerprint.description, subject: Self.bounded(ending.name),
                    effectiveExpiry: ending.expiry)
            })
        deliveries = Deliveries(
            made: facts.deliveries.made, open: facts.deliveries.open, parked: facts.deliveries.parked,
            expired: facts.deliveries.expired)
        next = facts.nextDue.map { Next(at: $0, subject: Self.bounded(facts.nextName ?? "")) }
    }

    /// Text from certificates can be of any length.
    private static func bounded(_ text: String) -> String { LengthUnit.bytes.fitted(text, 500) }
}
