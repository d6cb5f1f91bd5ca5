import Certificates
import ExpiryRules
import LedgerStorage

/// A certificate or revocation list with its standing, as `check --json` and `list --json` print it.
struct WatchedStatus: Encodable {
    let object: WatchedObject
    let location: Location
    /// nil where no configuration was asked.
    let registration: Registration?
    let state: CertificateState
    let stage: Stage?
    let secondsLeft: Int64?
    /// What ends it before its own end, a CA or a revocation list; nil where nothing does, or where nobody looked.
    let earlyEnd: EarlyEnd?
    /// Since when it is missing at its location; nil when it is there.
    let absentSince: Instant?

    /// What the state is judged by.
    enum Yardstick {
        /// A registration's thresholds: the last of them is critical.
        case registration(Registration?)
        /// What the caller calls a warning and critical.
        case limits(warning: Threshold, critical: Threshold)

        func thresholds(for kind: WatchedObject.Kind) -> [Threshold] {
            switch self {
            case .registration(let registration): registration?.thresholds(for: kind) ?? []
            case .limits(let warning, let critical): [warning, critical]
            }
        }
    }

    init(
        _ object: WatchedObject, at location: Location, registration: Registration?, by yardstick: Yardstick,
        authority: EarlyEnd? = nil, revocationList: EarlyEnd? = nil, absentSince: Instant? = nil, now: Instant
    ) {
        let expiry = authority.map { Expiry.at($0.expiry) } ?? object.validity.expiry
        let listEndsFirst = revocationList.map { list in expiry.isLater(than: list.expiry) } ?? false
        let earlyEnd = listEndsFirst ? revocationList : authority
        let ladder = StageLadder(thresholds: yardstick.thresholds(for: object.kind), validity: object.validity)
        self.object = object
        self.location = location
        self.registration = registration
        // Days mean nothing for a list that may live for hours, and it has stages of its own; but with a stale one the
        // certificate is refused.
        let isStale = earlyEnd.map { listEndsFirst && $0.expiry < now } ?? false
        self.state =
            switch yardstick {
            case .registration where isStale: .expired
            case .registration:
                CertificateState(validity: object.validity, endingAt: expiry, ladder: ladder, at: now)
            case .limits(let warning, let critical):
                CertificateState(validity: object.validity, warning: warning, critical: critical, at: now)
            }
        self.stage = ladder.stage(expiry: expiry, at: now)
        self.earlyEnd = earlyEnd
        self.absentSince = absentSince
        self.secondsLeft =
            switch earlyEnd.map({ Expiry.at($0.expiry) }) ?? expiry {
            case .at(let expiry): (expiry - now).seconds
            case .never, .unreadable: nil
            }
    }

    private enum CodingKeys: String, CodingKey {
        case registration, role, state, stage
        case effectiveExpiry = "effective_expiry"
        case effectiveBecause = "effective_because"
        case secondsLeft = "seconds_left"
        case absentSince = "absent_since"
    }

    /// When it stops working; nil when it never does, or nobody can tell.
    var effectiveExpiry: Instant? {
        if let earlyEnd { return earlyEnd.expiry }
        guard case .at(let expiry) = object.validity.expiry else { return nil }
        return expiry
    }

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
    }
}

/// What ends something before its own end, as the JSON has it.
private struct CulpritObject: Encodable {
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
