import Certificates
import ExpiryRules
import Verification

/// A certificate or revocation list with its state, in `check --json` and `list --json`.
struct WatchedStatus: Encodable {
    let object: WatchedObject
    let location: Location
    /// nil without a configuration.
    let registration: Registration?
    /// By its dates and stages alone.
    private let stateByDates: CertificateState
    let stage: Stage?
    let secondsLeft: Int64?
    /// The CA or revocation list that ends it before its own notAfter; nil without one, or if it was not verified.
    let earlyEnd: EarlyEnd?
    /// Since when it is absent from its location; nil while it is present.
    let absentSince: Instant?
    /// When an edge last reported its use; nil at any other place.
    var lastUsed: Instant?

    /// The findings of all registrations that watch it, one for each code.
    private(set) var findings: [CertificateFinding]
    /// The codes whose findings do not count (`--ignore`).
    var ignored: Set<FindingCode> = []
    /// Whether its successor has replaced it in all registrations, so that its end breaks nothing.
    let isReplaced: Bool

    /// The worst of its stage and of its findings.
    var state: CertificateState {
        stateByDates.raised(by: findings.lazy.map(\.code).filter { !ignored.contains($0) })
    }

    /// The thresholds that decide the state.
    enum Yardstick {
        /// The stages of all registrations that watch it.
        case ladder(StageLadder)
        /// The caller's thresholds for warning and critical.
        case limits(warning: Threshold, critical: Threshold)

        fileprivate func ladder(for validity: Validity) -> StageLadder {
            switch self {
            case .ladder(let ladder): ladder
            case .limits(let warning, let critical):
                StageLadder(thresholds: [warning, critical], validity: validity)
            }
        }
    }

    init(
        _ object: WatchedObject, at location: Location, registration: Registration?, standing: ObjectStanding,
        by yardstick: Yardstick, findings: [CertificateFinding] = [], absentSince: Instant? = nil, now: Instant
    ) {
        let expiry = standing.endByAuthorities(of: object.validity)
        let earlyEnd = standing.earlyEnd(of: object.validity)
        self.object = object
        self.location = location
        self.registration = registration
        self.findings = findings
        self.absentSince = absentSince
        self.earlyEnd = earlyEnd
        isReplaced = standing.watchers.isEmpty
        stage = isReplaced ? nil : yardstick.ladder(for: object.validity).stage(expiry: expiry, at: now)
        stateByDates =
            switch yardstick {
            case .ladder(let ladder): standing.state(of: object.validity, on: ladder, at: now)
            case .limits(let warning, let critical):
                standing.state(of: object.validity, warning: warning, critical: critical, at: now)
            }
        secondsLeft =
            switch earlyEnd.map({ Expiry.at($0.expiry) }) ?? expiry {
            case .at(let expiry): (expiry - now).seconds
            case .never, .unreadable: nil
            }
    }

    /// The same status with one more finding.
    func adding(_ finding: CertificateFinding) -> WatchedStatus {
        var status = self
        status.findings = (findings + [finding]).oneForEachCode
        return status
    }

    private enum CodingKeys: String, CodingKey {
        case registration, role, state, stage, findings
        case effectiveExpiry = "effective_expiry"
        case effectiveBecause = "effective_because"
        case secondsLeft = "seconds_left"
        case absentSince = "absent_since"
        case lastUsed = "last_used"
    }

    /// When it stops working; nil if it never does or that is unknown.
    var effectiveExpiry: Instant? {
        if let earlyEnd { return earlyEnd.expiry }
        guard case .at(let expiry) = object.validity.expiry else { return nil }
        return expiry
    }

    /// What filters compare of it.
    var item: SelectedItem {
        let expiry = earlyEnd.map { Expiry.at($0.expiry) } ?? object.validity.expiry
        return SelectedItem(
            object, ending: expiry, in: state, with: Set(findings.map(\.code)),
            seenBy: [registration].compactMap(\.self))
    }

    /// The role of its registration; without one, what it is.
    var kind: SelectedKind { SelectedKind(object, in: registration) }

    func encode(to encoder: any Encoder) throws {
        switch object {
        case .certificate(let certificate):
            try CertificateObject(certificate: certificate, location: location).encode(to: encoder)
        case .revocationList(let list):
            try RevocationListObject(list: list, location: location).encode(to: encoder)
        }
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(registration?.name, forKey: .registration)
        try container.encode(registration?.role.rawValue, forKey: .role)
        try container.encode(state.rawValue, forKey: .state)
        try container.encode(stage?.description, forKey: .stage)
        try container.encode(effectiveExpiry, forKey: .effectiveExpiry)
        try container.encode(earlyEnd.map { CulpritObject($0.culprit) }, forKey: .effectiveBecause)
        try container.encode(secondsLeft, forKey: .secondsLeft)
        try container.encode(absentSince, forKey: .absentSince)
        try container.encode(lastUsed, forKey: .lastUsed)
        try container.encode(findings.map(FindingObject.init), forKey: .findings)
    }
}

/// The CA or list that causes an early end, in JSON.
struct CulpritObject: Encodable {
    let kind: String
    let fingerprint: String
    let name: String

    enum CodingKeys: String, CodingKey {
        case kind, name
        case fingerprint = "fingerprint_sha256"
    }

    init(_ culprit: EarlyEnd.Culprit) {
        kind = culprit.kind.rawValue
        fingerprint = culprit.fingerprint.description
        name = culprit.name
    }
}

extension EarlyEnd.Culprit {
    /// `its CA CN=Issuing`, to follow "ends with".
    var clause: String {
        switch kind {
        case .certificate: "its CA \(name)"
        case .revocationList: "the revocation list of \(name)"
        }
    }
}

extension CertificateFilter {
    /// Whether a finding is taken, among all certificates and lists that were read.
    func takes(_ finding: Finding, among statuses: [WatchedStatus], of plan: WatchPlan) -> Bool {
        let registration = plan.registration(named: finding.registration)
        let bearers = statuses.filter { status in
            status.registration?.name == registration?.name && status.findings.contains { $0.code == finding.code }
        }
        return takes(finding, of: registration, bornBy: bearers.map(\.item))
    }
}
