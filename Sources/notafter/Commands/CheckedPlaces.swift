import Certificates
import Configuration
import ExpiryRules
import Monitor
import Verification

/// Evaluates what `check` finds at the places of a configuration.
///
/// All objects are kept with their DER until everything was read, because one registration may contain another one's CA
/// or revocation list.
struct CheckedPlaces {
    /// The caller's thresholds for warning and critical.
    struct Limits {
        let warning: Threshold
        let critical: Threshold
    }

    private struct Item {
        let object: WatchedObject
        let location: Location
        let registration: Registration
    }

    private let plan: WatchPlan
    private let limits: Limits?
    private let expectations: (Registration) -> CertificateExpectations
    private var evaluation: Evaluation
    private var items: [Item] = []
    private var defects: [(object: DefectObject, registration: String)] = []

    /// Evaluates the registrations as a pass does. `limits` replace the registrations' thresholds if they are given.
    init(_ settings: Settings, limits: Limits?) {
        let plan = settings.plan
        let registrations = plan.registrations.map { registration in
            limits.map { registration.alerted($0.times) } ?? registration
        }
        self.plan = WatchPlan(registrations: registrations, route: plan.route)
        self.limits = limits
        expectations = { CertificateExpectations(of: $0, settings.expectations[$0.name]) }
        evaluation = Evaluation(plan: self.plan)
    }

    /// Adds a finding from a place of the registration `name`.
    mutating func add(_ finding: Search.Item, of name: String) {
        switch finding {
        case .object(let object, let der, let location):
            guard let registration = plan.registration(named: name) else { return }
            evaluation.add(object, der: der, at: location, of: registration, expecting: expectations)
            items.append(Item(object: object, location: location, registration: registration))
        case .defect(let path, let defect):
            defects.append((DefectObject(path: path.description, defect), name))
        }
    }

    /// The objects to verify: each once for each registration.
    var objectCount: Int { evaluation.objectCount }

    /// Verifies all objects and makes the listing of those that `filter` selects.
    ///
    /// - Parameters:
    ///   - now: the time of the verification.
    ///   - codes: the findings to ignore.
    ///   - filter: what to list.
    ///   - order: how to sort.
    ///   - note: called after each verified object.
    /// - Returns: the listing.
    /// - Throws: `OpenSSLError` when memory is short.
    func listing(
        at now: Instant, ignoring codes: Set<FindingCode>, filter: CertificateFilter, sortedBy order: ListingOrder,
        noting note: () -> Void
    ) throws -> CertificateListing {
        let result = try evaluation.result(at: now, noting: note)
        let standings = result.standings()
        let flaws = result.flaws()
        let statuses = items.map { item in
            let standing = standings[item.object.fingerprint] ?? ObjectStanding()
            var status = WatchedStatus(
                item.object, at: item.location, registration: item.registration, standing: standing,
                by: yardstick(for: item.object, standing), findings: flaws[item.object.fingerprint] ?? [], now: now)
            status.ignored = codes
            return status
        }
        let findings = result.findings()
            .filter { filter.takes($0, among: statuses, of: plan) }
        let unread = defects.filter { filter.takesDefect(of: plan.registration(named: $0.registration)) }
        return CertificateListing(
            statuses, selectedBy: filter, defects: unread.map(\.object),
            findings: findings.map { StandingFinding($0, ignoring: codes) }, ignoring: codes, sortedBy: order)
    }

    /// Limits apply only to certificates, because a revocation list may live only hours.
    private func yardstick(for object: WatchedObject, _ standing: ObjectStanding) -> WatchedStatus.Yardstick {
        if object.kind == .certificate, let limits {
            return .limits(warning: limits.warning, critical: limits.critical)
        }
        return .ladder(plan.ladder(for: object.kind, object.validity, watchedBy: standing.watchers))
    }
}

extension CheckedPlaces.Limits {
    /// The limits as the thresholds of a registration.
    var times: AlertTimes { AlertTimes(thresholds: [warning, critical]) }
}
