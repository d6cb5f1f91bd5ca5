import Certificates
import ExpiryRules

/// The number of certificates and lists in each state, counted at each place that shows them.
struct ListingSummary: Encodable {
    private(set) var states: [CertificateState: Int] = [:]
    private(set) var certificates = 0
    private(set) var revocationLists = 0
    var defects: Int
    /// Without ignored findings.
    var findings: Int

    init(defects: Int = 0, findings: Int = 0) {
        self.defects = defects
        self.findings = findings
    }

    /// Counts a certificate or list at one place.
    mutating func count(_ kind: WatchedObject.Kind, in state: CertificateState) {
        states[state, default: 0] += 1
        switch kind {
        case .certificate: certificates += 1
        case .revocationList: revocationLists += 1
        }
    }

    /// Moves the count of `places` places from one state to another.
    mutating func move(from old: CertificateState, to new: CertificateState, places: Int) {
        guard old != new else { return }
        states[old, default: 0] -= places
        if states[old] == 0 { states[old] = nil }
        states[new, default: 0] += places
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        var counts = Dictionary(uniqueKeysWithValues: CertificateState.allCases.map { ($0.rawValue, states[$0] ?? 0) })
        counts["certificates"] = certificates
        counts["revocation_lists"] = revocationLists
        counts["defects"] = defects
        counts["findings"] = findings
        try container.encode(counts)
    }

    /// `3 certificates: 1 ok, 1 warning, 1 critical`
    var text: String {
        let counts = CertificateState.allCases.compactMap { state in
            states[state].map { "\($0) \(state.rawValue.replacing("_", with: " "))" }
        }
        let unreadable = defects == 0 ? "" : "; \(defects) could not be read"
        let problems = findings == 0 ? "" : "; \(counted(findings, "finding"))"
        let lists = revocationLists == 0 ? "" : " and \(counted(revocationLists, "revocation list"))"
        let total = counted(certificates, "certificate") + lists + (counts.isEmpty ? "" : ": ")
        return total + counts.joined(separator: ", ") + unreadable + problems
    }
}
