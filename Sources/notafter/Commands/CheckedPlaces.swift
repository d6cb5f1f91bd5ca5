import Certificates
import Configuration
import ExpiryRules
import Monitor
import Verification

/// What `check` has met so far, and the judgement on all of it.
struct CheckedPlaces {
    /// What the caller calls a warning and critical.
    struct Limits {
        let warning: Threshold
        let critical: Threshold
    }

    private struct Item {
        let object: WatchedObject
        let location: Location
        /// nil for what is named on the command line.
        let registration: Registration?
    }

    /// What stands for a registration where none is configured; the role is not looked at.
    private static let commandLine = Registration(name: "check", role: .client)

    private let plan: WatchPlan
    private let limits: Limits?
    private let expectations: (Registration) -> CertificateExpectations
    private var evaluation: Evaluation
    private var items: [Item] = []
    private var defects: [DefectObject] = []

    /// For what is named on the command line: judged by dates, and by what needs no registration.
    init(limits: Limits) {
        let registration = Self.commandLine.hearing(limits.times)
        self.init(
            plan: WatchPlan(registrations: [registration], route: Route(receivers: [])), limits: limits,
            expectations: { _ in CertificateExpectations() })
    }

    /// For a configuration: judged as a pass does, by `limits` in place of the registrations' thresholds where they are given.
    init(_ settings: Settings, limits: Limits?) {
        let plan = settings.plan
        let registrations = plan.registrations.map { registration in
            limits.map { registration.hearing($0.times) } ?? registration
        }
        self.init(
            plan: WatchPlan(registrations: registrations, route: plan.route), limits: limits,
            expectations: { CertificateExpectations(of: $0, settings.expectations[$0.name]) })
    }

    private init(
        plan: WatchPlan, limits: Limits?, expectations: @escaping (Registration) -> CertificateExpectations
    ) {
        self.plan = plan
        self.limits = limits
        self.expectations = expectations
        evaluation = Evaluation(plan: plan)
    }

    /// Takes in what was met at a place of the registration called `name`, or at one that the command line names.
    mutating func add(_ finding: Search.Finding, of name: String?) {
        switch finding {
        case .object(let object, let der, let location):
            let registration = name.flatMap(plan.registration(named:))
            let judged = registration ?? plan.registrations.first ?? Self.commandLine
            evaluation.add(object, der: der, at: location, of: judged, expecting: expectations)
            items.append(Item(object: object, location: location, registration: registration))
        case .defect(let path, let defect):
            defects.append(DefectObject(path: path.description, defect))
        }
    }

    /// Judges all that was met.
    ///
    /// - Throws: `OpenSSLError` where memory is short.
    func listing(at now: Instant, ignoring codes: Set<FindingCode>) throws -> CertificateListing {
        let result = try evaluation.judged(at: now)
        let standings = result.standings()
        let flaws = result.flaws()
        let statuses = items.map { item in
            let standing = standings[item.object.fingerprint] ?? ObjectStanding()
            return WatchedStatus(
                item.object, at: item.location, registration: item.registration, standing: standing,
                by: yardstick(for: item.object, standing), findings: flaws[item.object.fingerprint] ?? [], now: now)
        }
        let findings = result.findings { code, registration in
            code == .thresholdTooWide && registration.name == Self.commandLine.name
                ? "Ask for a share, such as -w 33% -c 10%." : nil
        }
        return CertificateListing(
            statuses, defects: defects, findings: findings.map { StandingFinding($0, ignoring: codes) },
            ignoring: codes)
    }

    /// Limits are for certificates: days make no sense for a list that may live for hours.
    private func yardstick(for object: WatchedObject, _ standing: ObjectStanding) -> WatchedStatus.Yardstick {
        if object.kind == .certificate, let limits {
            return .limits(warning: limits.warning, critical: limits.critical)
        }
        return .ladder(plan.ladder(for: object.kind, object.validity, watchedBy: standing.watchers))
    }
}

extension CheckedPlaces.Limits {
    fileprivate var times: AlertTimes { AlertTimes(thresholds: [warning, critical]) }
}
