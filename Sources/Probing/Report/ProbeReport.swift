import Certificates
import ExpiryRules

/// What one round of probes found at an endpoint.
package struct ProbeReport: Hashable, Sendable {
    /// The endpoint's name.
    package let name: String
    package let url: String
    package let probedAt: Instant
    /// One for each address that was probed; never empty.
    package let rounds: [ProbeRound]
    /// How many such rounds it takes to believe it.
    package var hysteresis = Hysteresis()
    /// What was shown; nil for nothing, or when nothing was probed.
    package var clientCertificate: Certificate?
    /// What is foreseen from what was seen: troubles that are none yet.
    package var predictedFindings: [PredictedFinding] = []
    /// The codes that were looked for and not found. What could not be looked for is in neither list.
    package var refuted: [FindingCode] = []

    package init(name: String, url: String, probedAt: Instant, first: ProbeRound, others: [ProbeRound] = []) {
        self.name = name
        self.url = url
        self.probedAt = probedAt
        self.rounds = [first] + others
    }

    /// The round with the worst verdict: an endpoint is as good as its worst address.
    package var worst: ProbeRound {
        rounds.dropFirst().reduce(rounds[0]) { $1.verdict.rank > $0.verdict.rank ? $1 : $0 }
    }

    package var verdict: Verdict { worst.verdict }

    /// What the verdict rests on, in one line; with the address where there are several.
    package var evidence: String {
        let worst = worst
        return (worst.address.map { "\($0): " } ?? "") + worst.evidence
    }
}

extension ProbeReport: Encodable {
    private enum CodingKeys: String, CodingKey {
        case name
        case url
        case probedAt = "probed_at"
        case addresses
        case predictedFindings = "forebodings"
    }

    /// Every key is present; those of the probes are the worst address's, and `addresses` is empty where the host's name
    /// decided.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(url, forKey: .url)
        try container.encode(probedAt.description, forKey: .probedAt)
        try container.encode(rounds.filter { $0.address != nil }, forKey: .addresses)
        try container.encode(predictedFindings, forKey: .predictedFindings)
        var probes = encoder.container(keyedBy: ProbeRound.CodingKeys.self)
        try probes.encode(verdict.rawValue, forKey: .verdict)
        try worst.encodeProbes(into: &probes)
    }
}
