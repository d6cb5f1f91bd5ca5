import Certificates
import ExpiryRules

/// `observed`: the registration of the client certificates that edges report.
struct ObservedSection {
    enum Key: String, CaseIterable {
        case forgetAfter = "forget_after"
        case limit, issuer
        case checksRevocation = "checks_revocation"
        case owner, labels, thresholds
        case repeatEvery = "repeat_every"
    }

    /// A client may be idle for a day. The ledger keeps what has ended for 400 days.
    private static let spans = TimeSpan.days(1)...TimeSpan.days(400)
    private static let limits = 1...1_000_000

    let plan: ObservedPlan
    let registration: Registration
    private let times: AlertTimes
    private let issuer: Cursor?

    /// - Parameters:
    ///   - cursor: the section. All of its keys have defaults, so it may have no value.
    ///   - names: the names of the other registrations.
    init?(_ cursor: Cursor, names: inout NameRegister) {
        guard names.reserve(ObservedPlan.registrationName, for: cursor) else { return nil }
        guard cursor.kind != .nothing else {
            plan = ObservedPlan()
            registration = Registration(name: plan.registration, role: .client)
            times = AlertTimes()
            issuer = nil
            return
        }
        guard let section = Section<Key>(cursor) else { return nil }
        plan = ObservedPlan(
            forgetAfter: section[.forgetAfter]?.span(within: Self.spans) ?? ObservedPlan.defaultForgetAfter,
            limit: section[.limit]?.integer(within: Self.limits) ?? ObservedPlan.defaultLimit)
        let issuerName = section[.issuer]?.text()
        let checksRevocation = section[.checksRevocation]?.flag() ?? false
        if checksRevocation, issuerName == nil {
            section[.checksRevocation]?.report("needs an issuer, whose revocation list is checked")
        }
        registration = Registration(
            name: plan.registration, role: .client, issuer: issuerName, owner: section[.owner]?.text(),
            labels: section[.labels].map(Labels.read) ?? [:], checksRevocation: checksRevocation)
        times = AlertTimesSection.read(section)
        issuer = issuerName == nil ? nil : section[.issuer]
    }

    /// The thresholds and reminders that the section sets, by the name of its registration.
    var ownTimes: [String: AlertTimes] { [registration.name: times] }

    /// Checks the CA that the section names. `roles` has the roles of the entries of `certificates`.
    func checkReferences(among roles: [String: Role?]) {
        issuer?.checkIssuer(of: nil, among: roles)
    }
}
