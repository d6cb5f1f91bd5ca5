import Certificates
import ExpiryRules

/// The result of one round of probes of an endpoint.
package struct ProbeReport: Hashable, Sendable {
    /// The endpoint's name.
    package let name: String
    package let url: String
    package let probedAt: Instant
    /// One for each probed address. Never empty.
    package let rounds: [ProbeRound]
    /// How many equal rounds are needed before a finding begins or ends.
    package var hysteresis = Hysteresis()
    /// The client certificate. nil when none was sent, or when nothing was probed.
    package var clientCertificate: Certificate?
    /// The findings that this round predicts.
    package var predictedFindings: [PredictedFinding] = []
    /// The codes that were checked and not found. Codes that could not be checked are in neither list.
    package var refuted: [FindingCode] = []

    package init(name: String, url: String, probedAt: Instant, first: ProbeRound, others: [ProbeRound] = []) {
        self.name = name
        self.url = url
        self.probedAt = probedAt
        self.rounds = [first] + others
    }

    /// The round with the worst verdict, which is the verdict of the endpoint.
    package var worst: ProbeRound {
        rounds.dropFirst().reduce(rounds[0]) { $1.verdict.rank > $0.verdict.rank ? $1 : $0 }
    }

    package var verdict: Verdict { worst.verdict }

    /// The basis of the verdict in one line, with the address if there are several.
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

    /// Encodes every key. The probes are those of the worst address. `addresses` is empty when the host's name was
    /// used.
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

extension ProbeReport {
    /// The facts of a finding about a verdict that is not good.
    package var endpointFacts: EndpointFacts {
        let worst = worst
        var facts = EndpointFacts(
            name: name, url: url, verdict: worst.verdict, positive: EndpointFacts.ProbeFact(worst.positive))
        facts.address = worst.address
        facts.negative = worst.negative.map(EndpointFacts.ProbeFact.init)
        facts.wrong = worst.wrong.map { EndpointFacts.WrongCertificateProbe(name: $0.name, probe: .init($0.result)) }
        facts.isCertificateRequested = worst.clientCertificateRequested
        facts.issuerListing = worst.issuerListing
        return facts
    }
}

extension EndpointFacts.ProbeFact {
    fileprivate init(_ result: ProbeResult) {
        self.init(outcome: result.outcome, certificate: result.certificate)
        certificateEnd = result.certificateEnd
        wasAsked = result.wasAsked
        status = result.status
        alert = result.alert?.number
        rayID = result.rayID
        unmet = result.unmet
        reason = result.reason
    }
}
