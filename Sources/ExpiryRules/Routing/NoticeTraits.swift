import Certificates

/// The fields of a notice that matchers compare.
package struct NoticeTraits: Hashable, Sendable {
    /// The registration whose receivers get the notice; `Finding.machine` for a finding about this machine.
    package let registration: String
    /// nil if nothing is registered under that name.
    package let role: Role?
    package let owner: String?
    package let labels: [String: String]
    package let severity: Severity
    /// nil for a stage.
    package let code: FindingCode?
    /// The endpoint that is probed, or that the registration belongs to.
    package let endpoint: String?
    /// The fingerprint of the object that expires; nil for a finding.
    package let fingerprint: Fingerprint?
    /// A certificate's subject or a list's issuer; nil for a finding.
    package let subject: String?

    package init(
        registration: String, role: Role? = nil, owner: String? = nil, labels: [String: String] = [:],
        severity: Severity, code: FindingCode? = nil, endpoint: String? = nil, fingerprint: Fingerprint? = nil,
        subject: String? = nil
    ) {
        self.registration = registration
        self.role = role
        self.owner = owner
        self.labels = labels
        self.severity = severity
        self.code = code
        self.endpoint = endpoint
        self.fingerprint = fingerprint
        self.subject = subject
    }

    /// The value of `field`; nil without one.
    package subscript(field: NoticeField) -> String? {
        switch field {
        case .registration: registration
        case .role: role?.rawValue
        case .owner: owner
        case .label(let name): labels[name]
        case .severity: severity.rawValue
        case .code: code?.rawValue
        case .endpoint: endpoint
        case .fingerprint: fingerprint?.description
        case .subject: subject
        }
    }
}

extension WatchPlan {
    /// The traits of a notice for the registration `name`, with its role, owner, labels and endpoint.
    package func traits(
        ofNoticeFor name: String, severity: Severity, code: FindingCode? = nil, fingerprint: Fingerprint? = nil,
        subject: String? = nil
    ) -> NoticeTraits {
        let registration = registration(named: name)
        return NoticeTraits(
            registration: name, role: registration?.role, owner: registration?.owner,
            labels: registration?.labels ?? [:], severity: severity, code: code, endpoint: registration?.endpoint,
            fingerprint: fingerprint, subject: subject)
    }
}
