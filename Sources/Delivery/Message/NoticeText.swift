import Certificates
import ExpiryRules
import LedgerStorage

/// What a notice says to people: what, which, when, where, and what to do.
package struct NoticeText {
    package let text: String

    /// `registration` is as it is configured now; nil when it was taken out.
    package init(_ facts: NoticeFacts, registration: Registration?) {
        let name = Self.name(of: facts, registration)
        let place = Self.place(of: facts)
        let expiry = facts.expiry.map(\.description) ?? "an unknown date"
        text =
            switch facts.identity.kind {
            case .expiring:
                """
                \(name) expires in \(Self.daysLeft(facts)), at \(expiry)\(place). \
                \(Self.remedy(registration)) before then.\(Self.lateness(facts))
                """
            case .expired:
                "\(name) expired at \(expiry)\(place). \(Self.remedy(registration)) now.\(Self.lateness(facts))"
            case .renewed:
                "\(name) was renewed\(Self.successor(facts))\(place)."
            case .removed:
                "\(name) is gone from every registered place\(place)."
            case .finding:
                facts.message ?? "\(facts.registration) needs a look."
            case .findingResolved:
                "Over: \(facts.message ?? facts.registration)"
            }
    }

    private static func name(of facts: NoticeFacts, _ registration: Registration?) -> String {
        let role =
            switch registration?.role {
            case .ca: "CA certificate"
            case .client: "Client certificate"
            case .server: "Server certificate"
            case .revocationList, nil: "Certificate"
            }
        let subject = facts.certificate.map { $0.subject.isEmpty ? "serial \($0.serialNumber)" : $0.subject } ?? ""
        return "\(role) \"\(subject.prefix(200))\" of \(facts.registration)"
    }

    private static func place(of facts: NoticeFacts) -> String {
        guard let first = facts.locations.first else { return "" }
        let more = facts.locations.count - 1
        return " (\(first)\(more > 0 ? " and \(more) more" : ""))"
    }

    private static func daysLeft(_ facts: NoticeFacts) -> String {
        guard let expiry = facts.expiry else { return "an unknown time" }
        let left = expiry - facts.askedAt
        return left < .days(1) ? "less than a day" : "\(left.daysRoundedUp) days"
    }

    private static func remedy(_ registration: Registration?) -> String {
        let owner = registration?.owner.map { " (owner: \($0))" } ?? ""
        switch registration?.role {
        case .ca:
            let hostnames = registration?.hostnames ?? []
            let served = hostnames.isEmpty ? "" : " for \(hostnames.joined(separator: ", "))"
            return "Renew it and give the new one to whoever verifies against it\(served)\(owner)"
        case .client, .server, .revocationList, nil:
            return "Renew it and put the new one in its place\(owner)"
        }
    }

    private static func successor(_ facts: NoticeFacts) -> String {
        guard case .at(let expiry) = facts.successor?.validity.expiry else { return "" }
        return ", and its successor expires at \(expiry)"
    }

    /// Why a milder stage was never told.
    private static func lateness(_ facts: NoticeFacts) -> String {
        guard !facts.missed.isEmpty else { return "" }
        let stages = facts.missed.map(\.description).joined(separator: " and ")
        guard let since = facts.notObservedSince else { return " First seen when \(stages) had already passed." }
        return " \(stages) passed while nobody looked, since \(since)."
    }
}
