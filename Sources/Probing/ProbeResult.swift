import CurlBinding

/// One look at an endpoint, with or without the client certificate. Text in it is hostile.
package struct ProbeResult: Hashable, Sendable {
    package let outcome: ProbeOutcome
    /// nil when no HTTP answer came.
    package let status: Int?
    /// The first alert that the server sent; nil when there was none.
    package let alert: TLSAlert?
    package let httpVersion: String?
    package let tlsVersion: String?
    /// From the start of the name lookup to the end of the answer.
    package let responseTimeMilliseconds: Int
    /// The address that answered: behind one name there may be several, with different certificates.
    package let peerAddress: String?
    /// What libcurl, OpenSSL or a file says about a failure; nil when nothing failed below HTTP.
    package let message: String?
    /// Cloudflare's id of the request, by which its log knows it.
    package let rayID: String?

    package init(
        outcome: ProbeOutcome, status: Int? = nil, alert: TLSAlert? = nil, httpVersion: String? = nil,
        tlsVersion: String? = nil, responseTimeMilliseconds: Int = 0, peerAddress: String? = nil,
        message: String? = nil, rayID: String? = nil
    ) {
        self.outcome = outcome
        self.status = status
        self.alert = alert
        self.httpVersion = httpVersion
        self.tlsVersion = tlsVersion
        self.responseTimeMilliseconds = responseTimeMilliseconds
        self.peerAddress = peerAddress
        self.message = message
        self.rayID = rayID
    }

    /// The account of a transfer that was classified as `outcome`.
    init(_ outcome: ProbeOutcome, of result: TransferResult) {
        self.init(
            outcome: outcome,
            status: result.status,
            alert: result.handshake?.alertsReceived.first.map { TLSAlert(number: $0) },
            httpVersion: result.status == nil ? nil : result.httpVersion,
            tlsVersion: result.handshake?.version?.description,
            responseTimeMilliseconds: result.timings.total / 1_000,
            peerAddress: result.primaryAddress,
            message: result.message.isEmpty ? nil : result.message,
            rayID: result.header("cf-ray"))
    }
}

extension ProbeResult: Encodable {
    private enum CodingKeys: String, CodingKey {
        case outcome
        case status
        case alert
        case alertName = "alert_name"
        case httpVersion = "http_version"
        case tlsVersion = "tls_version"
        case responseTimeMilliseconds = "response_time_ms"
        case peerAddress = "peer_address"
        case message
        case rayID = "ray_id"
    }

    /// Every key is present; what is unknown is null.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(outcome.rawValue, forKey: .outcome)
        try container.encode(status, forKey: .status)
        try container.encode(alert?.number, forKey: .alert)
        try container.encode(alert?.name, forKey: .alertName)
        try container.encode(httpVersion, forKey: .httpVersion)
        try container.encode(tlsVersion, forKey: .tlsVersion)
        try container.encode(responseTimeMilliseconds, forKey: .responseTimeMilliseconds)
        try container.encode(peerAddress, forKey: .peerAddress)
        try container.encode(message, forKey: .message)
        try container.encode(rayID, forKey: .rayID)
    }
}
