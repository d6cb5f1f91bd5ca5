import Certificates

/// Which certificates, revocation lists and findings `list`, `check` and the pages show. All conditions must hold.
package struct CertificateFilter: Hashable, Sendable {
    /// Only what ends at this instant or later.
    package var beginning: Instant?
    /// Only what has ended, or ends, by this instant; and what ends at an unreadable date, which may have passed.
    package var deadline: Instant?
    /// Only what is in one of these states; empty for all.
    package var states: Set<CertificateState> = []
    /// Only what is of one of these kinds; empty for all.
    package var kinds: Set<SelectedKind> = []
    /// Only what has one of these findings; empty for all.
    package var codes: Set<FindingCode> = []
    /// The required names, owners and labels of a registration.
    package var registrations: NoticeMatchers?

    /// A filter that takes everything.
    package init() {}

    /// Whether everything is taken.
    package var isEmpty: Bool { self == CertificateFilter() }

    /// Whether it asks for a date, a state or a finding, so that all it selects is wanted, also what is ok.
    package var asksForCondition: Bool {
        beginning != nil || deadline != nil || !states.isEmpty || !codes.isEmpty
    }

    /// Whether a certificate or list is taken. One of its registrations must meet all conditions on registrations.
    package func takes(_ item: SelectedItem) -> Bool {
        takes(item.expiry) && (states.isEmpty || states.contains(item.state))
            && (codes.isEmpty || !codes.isDisjoint(with: item.codes))
            && (item.registrations.isEmpty
                ? takes(SelectedKind(item.object, in: nil)) && registrations == nil
                : item.registrations.contains {
                    takes(SelectedKind(item.object, in: $0)) && takesRegistration($0)
                })
    }

    /// Whether a finding of a registration is taken: by a certificate or list that has it, or else by its severity and its
    /// registration.
    ///
    /// - Parameters:
    ///   - finding: the finding.
    ///   - registration: its registration; nil where it has none.
    ///   - bearers: the certificates and lists that have it.
    /// - Returns: whether the finding is taken.
    package func takes(_ finding: Finding, of registration: Registration?, bornBy bearers: [SelectedItem]) -> Bool {
        guard codes.isEmpty || codes.contains(finding.code), takesRegistration(registration) else { return false }
        guard bearers.isEmpty else { return bearers.contains(where: takes) }
        let isKind = kinds.isEmpty || registration.map { takes(SelectedKind($0.role)) } ?? false
        let isInState = states.isEmpty || states.contains(CertificateState.ok.raised(by: finding.severity))
        return isKind && isInState && beginning == nil && deadline == nil
    }

    /// Whether something unreadable is taken. It may be anything, so that only its registration can rule it out.
    package func takesDefect(of registration: Registration?) -> Bool {
        (registration.map { takes(SelectedKind($0.role)) } ?? true) && takesRegistration(registration)
    }

    /// The registrations whose certificates and lists can be taken; nil if their registrations decide nothing.
    package func candidates(among all: [Registration]) -> [Registration]? {
        let areKindsOfRegistrations = !kinds.isEmpty && kinds.isDisjoint(with: [.crl, .leaf])
        guard registrations != nil || areKindsOfRegistrations else { return nil }
        return all.filter {
            takesRegistration($0) && (!areKindsOfRegistrations || takes(SelectedKind($0.role)))
        }
    }

    private func takes(_ expiry: Expiry) -> Bool {
        switch expiry {
        case .at(let instant):
            (beginning.map { instant >= $0 } ?? true) && (deadline.map { instant <= $0 } ?? true)
        case .never: deadline == nil
        case .unreadable: beginning == nil
        }
    }

    private func takes(_ kind: SelectedKind) -> Bool { kinds.isEmpty || kinds.contains(kind) }

    private func takesRegistration(_ registration: Registration?) -> Bool {
        guard let registrations else { return true }
        return registration.map { registrations.matches($0.traits) } ?? false
    }
}

/// What a filter compares of a certificate or revocation list.
package struct SelectedItem: Sendable {
    package let object: WatchedObject
    /// When it stops working.
    package let expiry: Expiry
    package let state: CertificateState
    /// The findings about it.
    package let codes: Set<FindingCode>
    /// The registrations that see it; empty without a configuration.
    package let registrations: [Registration]

    package init(
        _ object: WatchedObject, ending expiry: Expiry, in state: CertificateState, with codes: Set<FindingCode>,
        seenBy registrations: [Registration]
    ) {
        self.object = object
        self.expiry = expiry
        self.state = state
        self.codes = codes
        self.registrations = registrations
    }
}

/// The kind of a certificate or list: the role of its registration, or its own. Raw values are words of the command line.
package enum SelectedKind: String, Hashable, Sendable, CaseIterable {
    case ca
    case client
    case server
    /// Of a certificate without a registration that is no CA.
    case leaf
    case crl

    package init(_ role: Role) {
        self =
            switch role {
            case .ca: .ca
            case .client: .client
            case .server: .server
            case .revocationList: .crl
            }
    }

    /// The role of `registration`; without one, what `object` is.
    package init(_ object: WatchedObject, in registration: Registration?) {
        self =
            switch object {
            case .certificate(let certificate):
                registration.map { SelectedKind($0.role) } ?? (certificate.isCA ? .ca : .leaf)
            case .revocationList: .crl
            }
    }
}

extension Registration {
    /// What matchers compare of it. It has no severity of its own.
    fileprivate var traits: NoticeTraits {
        NoticeTraits(registration: name, role: role, owner: owner, labels: labels, severity: .info, endpoint: endpoint)
    }
}
