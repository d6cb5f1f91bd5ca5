import Certificates

/// The state of a certificate, for people. Raw values are part of the JSON contract.
package enum CertificateState: String, Hashable, Sendable, CaseIterable {
    case ok
    case warning
    case critical
    case expired
    case notYetValid = "not_yet_valid"

    /// The state of a certificate by two thresholds of the caller. They need not be in order; `critical` takes
    /// precedence.
    package init(
        validity: Validity, endingAt expiry: Expiry? = nil, warning: Threshold, critical: Threshold, at now: Instant
    ) {
        let ladder = StageLadder(thresholds: [warning, critical], validity: validity)
        self.init(validity: validity, endingAt: expiry, ladder: ladder, at: now)
        guard self == .warning || self == .critical, case .at(let expiry) = expiry ?? validity.expiry else { return }
        let isCritical = critical.span(in: validity).map { Stage.before($0).beginning(for: expiry) <= now } ?? false
        self = isCritical ? .critical : .warning
    }

    /// The state of a certificate with `validity` on `ladder` at `now`. `expiry` is its early end, if it has one. An
    /// unreadable expiry is critical, since it is unknown when the certificate stops working.
    package init(validity: Validity, endingAt expiry: Expiry? = nil, ladder: StageLadder, at now: Instant) {
        let expiry = expiry ?? validity.expiry
        if let notBefore = validity.notBefore, now < notBefore {
            self = .notYetValid
            return
        }
        switch (expiry, ladder.stage(expiry: expiry, at: now)) {
        case (.unreadable, _): self = .critical
        case (_, .expired): self = .expired
        case (_, .some(let stage)):
            self =
                switch ladder.severity(of: stage) {
                case .critical: .critical
                case .warning: .warning
                case .info: .ok
                }
        case (_, nil): self = .ok
        }
    }

    /// The worst of this state and of the findings of these codes about the same certificate or list.
    package func raised(by codes: some Sequence<FindingCode>) -> CertificateState {
        codes.reduce(self) { $0.raised(by: $1.severity) }
    }

    /// The worse of this state and of a finding about the same certificate or list.
    package func raised(by severity: Severity) -> CertificateState {
        guard self == .ok || self == .warning else { return self }
        return switch severity {
        case .info: self
        case .warning: .warning
        case .critical: .critical
        }
    }
}
