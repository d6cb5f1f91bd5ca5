/// The counts in a digest's title.
package struct DigestWords: Hashable, Sendable {
    package let expiring: Int
    package let expired: Int
    package let findings: Int
    package let over: Int

    package init(expiring: Int = 0, expired: Int = 0, findings: Int = 0, over: Int = 0) {
        self.expiring = expiring
        self.expired = expired
        self.findings = findings
        self.over = over
    }

    init(_ members: [Message]) {
        let kinds = members.compactMap { $0.facts?.identity.kind }
        self.init(
            expiring: kinds.count { $0 == .expiring }, expired: kinds.count { $0 == .expired },
            findings: kinds.count { $0 == .finding }, over: kinds.count(where: \.isResolution))
    }

    package var total: Int { expiring + expired + findings + over }
}
