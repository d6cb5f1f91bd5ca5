import Certificates
import ExpiryRules

/// What `list` and `check` show and judge of all that they read.
struct ListingFilter {
    /// The kind of a certificate or list, as the table shows it: the role of its registration, or its own.
    enum Kind: String, CaseIterable {
        case ca
        case client
        case server
        /// Of a certificate without a registration that is no CA.
        case leaf
        case crl

        fileprivate init(_ role: Role) {
            self =
                switch role {
                case .ca: .ca
                case .client: .client
                case .server: .server
                case .revocationList: .crl
                }
        }
    }

    /// Only what ends by then, or has ended.
    var deadline: Instant?
    var states: Set<CertificateState> = []
    var kinds: Set<Kind> = []
    var codes: Set<FindingCode> = []
    /// What the registration's owner and labels must match.
    var people: NoticeMatchers?

    /// Whether everything is shown.
    var isEmpty: Bool { !asksForCondition && kinds.isEmpty && people == nil }

    /// Whether it asks for a date, a state or a finding, so that all it selects is wanted, also what is ok.
    var asksForCondition: Bool { deadline != nil || !states.isEmpty || !codes.isEmpty }

    /// Whether a certificate or list is selected.
    func takes(_ status: WatchedStatus) -> Bool {
        if let deadline {
            guard let expiry = status.effectiveExpiry, expiry <= deadline else { return false }
        }
        guard states.isEmpty || states.contains(status.state) else { return false }
        guard kinds.isEmpty || kinds.contains(status.kind) else { return false }
        guard codes.isEmpty || status.findings.contains(where: { codes.contains($0.code) }) else { return false }
        return takesPeople(of: status.registration)
    }

    /// Whether a finding of a registration is selected: by a certificate or list that has it, or else by its severity and
    /// its registration.
    ///
    /// - Parameters:
    ///   - finding: the finding.
    ///   - registration: its registration; nil where it has none.
    ///   - statuses: all certificates and lists that were read.
    /// - Returns: whether the finding is selected.
    func takes(_ finding: Finding, of registration: Registration?, among statuses: [WatchedStatus]) -> Bool {
        guard codes.isEmpty || codes.contains(finding.code), takesPeople(of: registration) else { return false }
        let bearers = statuses.filter { status in
            status.registration?.name == registration?.name && status.findings.contains { $0.code == finding.code }
        }
        guard bearers.isEmpty else { return bearers.contains(where: takes) }
        let isKind = kinds.isEmpty || registration.map { kinds.contains(Kind($0.role)) } ?? false
        let isInState = states.isEmpty || states.contains(CertificateState.ok.raised(by: finding.severity))
        return isKind && isInState && deadline == nil
    }

    /// Whether something unreadable is selected. It may be anything, so that only its registration can rule it out.
    func takesDefect(of registration: Registration?) -> Bool {
        let isKind = kinds.isEmpty || registration.map { kinds.contains(Kind($0.role)) } ?? true
        return isKind && takesPeople(of: registration)
    }

    private func takesPeople(of registration: Registration?) -> Bool {
        guard let people else { return true }
        return registration.map { people.matches($0.traits) } ?? false
    }
}

extension Registration {
    /// What matchers compare of it. It has no severity of its own.
    fileprivate var traits: NoticeTraits {
        NoticeTraits(registration: name, role: role, owner: owner, labels: labels, severity: .info, endpoint: endpoint)
    }
}

extension WatchedStatus {
    /// The role of its registration; without one, what it is.
    var kind: ListingFilter.Kind {
        switch object {
        case .certificate(let certificate):
            registration.map { ListingFilter.Kind($0.role) } ?? (certificate.isCA ? .ca : .leaf)
        case .revocationList: .crl
        }
    }
}
