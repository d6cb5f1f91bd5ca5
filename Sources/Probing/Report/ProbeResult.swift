import Certificates
import CurlBinding
import TransportSecurity

/// The result of one probe with one client certificate or none. Its text is untrusted.
package struct ProbeResult: Hashable, Sendable {
    package var outcome: ProbeOutcome
    /// The state of the client certificate.
    package var certificate: ClientCertificateFact
    /// The notAfter of the client certificate. nil without one.
    package var certificateEnd: Instant?
    /// Whether the server asked for a client certificate. If it did not, the certificate cannot be the cause.
    package var wasAsked: Bool
    /// nil without an HTTP response.
    package var status: Int?
    /// The first alert of the server. nil when it sent none.
    package var alert: TLSAlert?
    package var httpVersion: String?
    package var tlsVersion: String?
    package var timings: PhaseTimings
    /// The address that responded. A name may have several, with different certificates.
    package var peerAddress: String?
    /// The expectations that are not met.
    package var unmet: [UnmetExpectation] = []
    /// The reason of a failure, from libcurl, OpenSSL or a file. nil when nothing failed, or when `unmet` has it.
    package var reason: String?
    /// Cloudflare's id of the request, for a search in its log.
    package var rayID: String?

    package init(outcome: ProbeOutcome, certificate: ClientCertificateFact = .none, reason: String? = nil) {
        self.outcome = outcome
        self.certificate = certificate
        self.reason = reason
        self.wasAsked = false
        self.timings = PhaseTimings()
    }

    /// The result of a transfer that was classified as `outcome`.
    init(
        _ outcome: ProbeOutcome, showing certificate: ClientCertificateFact, of result: TransferResult,
        unmet: [UnmetExpectation]
    ) {
        self.init(outcome: outcome, certificate: certificate)
        wasAsked = result.handshake?.certificateRequested == true
        status = result.status
        alert = result.handshake?.alertsReceived.first.map { TLSAlert(number: $0) }
        httpVersion = result.status == nil ? nil : result.httpVersion
        tlsVersion = result.handshake?.version?.description
        timings = PhaseTimings(result.timings)
        peerAddress = result.primaryAddress
        // An error of libcurl after the alert adds nothing to it.
        let isOvertaken = alert != nil && result.message.hasPrefix("getpeername()")
        self.unmet = isOvertaken ? [] : unmet
        reason = result.message.isEmpty || isOvertaken || !unmet.isEmpty ? nil : result.message
        rayID = result.header("cf-ray")
    }

    /// The reason of a failure in English. nil when nothing failed.
    package var message: String? { unmet.isEmpty ? reason : unmet.clause(in: .english) }

    /// One or two sentences for a person: the result and the next step. The dates of our own certificate come first if
    /// they may be the cause.
    package var explanation: String {
        let plain = outcome.explanation(showing: certificate)
        guard wasAsked, outcome.leavesCauseOpen, let dates, !plain.contains("has expired") else { return plain }
        return "\(dates) \(plain)"
    }

    private var dates: String? {
        switch certificate {
        case .expired:
            "The client certificate has expired\(certificateEnd.map { " (notAfter \($0))" } ?? ""): renew it first."
        case .notYetValid:
            "The client certificate is not valid yet: wait for its notBefore, or check both clocks."
        case .none, .valid: nil
        }
    }
}

extension PhaseTimings {
    /// The durations between the instants of a transfer.
    init(_ timings: TransferResult.Timings) {
        self.init(total: timings.total / 1_000)
        let steps = [timings.nameLookup, timings.connect, timings.tlsHandshake, timings.firstByte]
        var before = 0
        let durations = steps.map { end -> Int? in
            guard end > 0 else { return nil }
            defer { before = max(before, end) }
            return max(end - before, 0) / 1_000
        }
        (nameLookup, connect, tlsHandshake, firstByte) = (durations[0], durations[1], durations[2], durations[3])
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
        case timings = "timings_ms"
        case peerAddress = "peer_address"
        case message
        case rayID = "ray_id"
    }

    /// Encodes every key. Unknown values are null.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(outcome.rawValue, forKey: .outcome)
        try container.encode(status, forKey: .status)
        try container.encode(alert?.number, forKey: .alert)
        try container.encode(alert?.name, forKey: .alertName)
        try container.encode(httpVersion, forKey: .httpVersion)
        try container.encode(tlsVersion, forKey: .tlsVersion)
        try container.encode(timings.total, forKey: .responseTimeMilliseconds)
        try container.encode(timings, forKey: .timings)
        try container.encode(peerAddress, forKey: .peerAddress)
        try container.encode(message, forKey: .message)
        try container.encode(rayID, forKey: .rayID)
    }
}
