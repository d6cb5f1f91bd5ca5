import Certificates
import ExpiryRules

/// The number of certificates and lists in each state: once each for people, and at each place in JSON.
struct ListingSummary: Encodable {
    /// At each place that shows them.
    private(set) var states: [CertificateState: Int] = [:]
    private(set) var certificates = 0
    private(set) var revocationLists = 0
    /// Once each.
    private var distinct = DistinctStates()
    /// Once each, what a filter leaves out.
    private var leftOut = DistinctStates()
    /// The earliest expiry of all of them; nil where none is known.
    private(set) var soonest: Instant?
    var defects: Int
    /// Without ignored findings.
    var findings: Int

    init(defects: Int = 0, findings: Int = 0) {
        self.defects = defects
        self.findings = findings
    }

    /// Counts a certificate or list at one place, which ends at `expiry`.
    mutating func count(_ object: WatchedObject, in state: CertificateState, ending expiry: Instant?) {
        soonest = [soonest, expiry].compactMap(\.self).min()
        states[state, default: 0] += 1
        distinct.insert(object, in: state)
        switch object.kind {
        case .certificate: certificates += 1
        case .revocationList: revocationLists += 1
        }
    }

    /// Counts a certificate or list that a filter leaves out.
    mutating func leaveOut(_ object: WatchedObject) {
        leftOut.insert(object, in: .ok)
    }

    /// Moves the count of an object at `places` places to a worse state.
    mutating func move(_ object: WatchedObject, from old: CertificateState, to new: CertificateState, places: Int) {
        guard old != new else { return }
        states[old, default: 0] -= places
        if states[old] == 0 { states[old] = nil }
        states[new, default: 0] += places
        distinct.insert(object, in: new)
    }

    /// How many certificates and lists are in a state, once each.
    func distinctCount(of state: CertificateState) -> Int { distinct.counts.states[state] ?? 0 }

    /// How many places show the certificates and lists.
    var places: Int { certificates + revocationLists }

    /// Whether nothing at all was read, also nothing that a filter leaves out.
    var isEmpty: Bool { places == 0 && leftOut.counts.total == 0 }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        var counts = Dictionary(uniqueKeysWithValues: CertificateState.allCases.map { ($0.rawValue, states[$0] ?? 0) })
        counts["certificates"] = certificates
        counts["revocation_lists"] = revocationLists
        counts["defects"] = defects
        counts["findings"] = findings
        counts["distinct_certificates"] = distinct.counts.certificates
        counts["distinct_revocation_lists"] = distinct.counts.revocationLists
        counts["not_selected"] = leftOut.counts.total
        try container.encode(counts)
    }

    /// `3 certificates in 5 places: 1 ok, 1 warning, 1 critical`
    var text: String {
        let counts = distinct.counts
        let states = CertificateState.allCases.compactMap { state in
            counts.states[state].map { "\($0) \(state.rawValue.replacing("_", with: " "))" }
        }
        let lists = counts.revocationLists == 0 ? "" : " and \(counted(counts.revocationLists, "revocation list"))"
        let spread = places == counts.total ? "" : " in \(counted(places, "place"))"
        let total = counted(counts.certificates, "certificate") + lists + spread + (states.isEmpty ? "" : ": ")
        let omitted = leftOut.counts.total
        let remarks = [
            omitted == 0 ? nil : "\(omitted) not selected",
            defects == 0 ? nil : "\(defects) could not be read",
            findings == 0 ? nil : counted(findings, "finding"),
        ]
        return ([total + states.joined(separator: ", ")] + remarks.compactMap(\.self)).joined(separator: "; ")
    }
}
