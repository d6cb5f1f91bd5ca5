import Certificates

/// What one round of probes found at an endpoint.
package struct ProbeReport: Hashable, Sendable {
    /// The endpoint's name.
    package let name: String
    package let url: String
    package let probedAt: Instant
    package let verdict: Verdict
    package let positive: ProbeResult
    /// nil when it was skipped.
    package let negative: ProbeResult?
    /// DER of the certificates that the server presented, its own first; also when they failed verification.
    package let presentedChain: [[UInt8]]
    /// Whether the server asked for a client certificate during the handshake.
    package let clientCertificateRequested: Bool
    package let issuerListing: IssuerListing

    package init(
        name: String, url: String, probedAt: Instant, positive: ProbeResult, negative: ProbeResult?,
        presentedChain: [[UInt8]] = [], clientCertificateRequested: Bool = false,
        issuerListing: IssuerListing = .notTold
    ) {
        self.name = name
        self.url = url
        self.probedAt = probedAt
        self.verdict = Verdict(positive: positive.outcome, negative: negative?.outcome)
        self.positive = positive
        self.negative = negative
        self.presentedChain = presentedChain
        self.clientCertificateRequested = clientCertificateRequested
        self.issuerListing = issuerListing
    }
}

extension ProbeReport: Encodable {
    private enum CodingKeys: String, CodingKey {
        case name
        case url
        case probedAt = "probed_at"
        case verdict
        case positive
        case negative
        case clientCertificateRequested = "client_certificate_requested"
        case issuerListing = "client_certificate_issuer"
    }

    /// Every key is present; `negative` is null when it was skipped.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(url, forKey: .url)
        try container.encode(probedAt.description, forKey: .probedAt)
        try container.encode(verdict.rawValue, forKey: .verdict)
        try container.encode(positive, forKey: .positive)
        try container.encode(negative, forKey: .negative)
        try container.encode(clientCertificateRequested, forKey: .clientCertificateRequested)
        try container.encode(issuerListing.rawValue, forKey: .issuerListing)
    }
}
