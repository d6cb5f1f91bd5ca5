/// The result of one probe. Raw values are part of the JSON contract and of the metrics.
package enum ProbeOutcome: String, Hashable, Sendable, Codable, CaseIterable {
    /// The response has an expected status.
    case accepted

    // Refused: the server verified the client certificate or its absence, and refused it.

    /// The server demands a client certificate, and none was sent.
    case refusedNoCertificate = "refused_no_cert"
    /// Alert 45, and by our clock the certificate has expired.
    case refusedCertificateExpired = "refused_cert_expired"
    /// By our clock the certificate is not valid yet, and the server's alert is consistent with that.
    case refusedCertificateNotYetValid = "refused_cert_not_yet_valid"
    /// Alert 45 for a certificate that is valid by our clock: the server's CRL is stale, or a clock is wrong.
    case refusedServerCRLOrClock = "refused_server_crl_or_clock"
    /// Alert 44.
    case refusedRevoked = "refused_revoked"
    /// Alert 48.
    case refusedUnknownCA = "refused_unknown_ca"
    /// Alert 43: the certificate is not for TLS clients.
    case refusedPurpose = "refused_purpose"
    /// Alert 42, 46 or 51, or 40 after a certificate: refused for a reason that the alert does not name.
    case refusedBadCertificate = "refused_bad_cert"
    /// Alert 49.
    case refusedPolicy = "refused_policy"
    /// nginx's response to any certificate that it rejects, for whatever reason (its internal status 495).
    case refusedByNginx = "refused_by_nginx"
    /// A block page of Cloudflare.
    case refusedByCloudflare = "refused_by_cloudflare"
    /// Apache asks for the certificate after the request, which this connection did not support.
    case refusedApachePostHandshake = "refused_apache_post_handshake"
    /// One of the endpoint's configured marks.
    case refusedByMark = "refused_by_mark"
    /// A database completed TLS, and then refused the user because of the certificate or its absence.
    case refusedByDatabase = "refused_by_database"
    /// HTTP 401 or 403 (or 400 without a certificate) without any other mark.
    case refusedStatus = "refused_status"
    /// The server asked for a certificate and closed the connection without an alert or a response, and did so again
    /// when the probe was repeated alone between two accepted ones.
    case refusedSilent = "refused_silent"
    /// The server received no certificate, since our key supports none of its signature algorithms.
    case refusedKeyCannotSign = "refused_key_cannot_sign"

    // Not reached

    case nameLookupFailed = "dns_failed"
    case connectFailed = "connect_failed"
    case timedOut = "timeout"

    // Reached, but the server is not trusted

    /// Its chain leads to none of our trust anchors.
    case serverCertificateUntrusted = "server_cert_untrusted"
    case serverCertificateExpired = "server_cert_expired"
    case serverHostnameMismatch = "server_hostname_mismatch"
    /// Any other error in the server's chain.
    case serverCertificateInvalid = "server_cert_invalid"

    // Reached, without a conclusive response

    /// The port speaks another protocol.
    case notTLS = "not_tls"
    /// No common protocol version or cipher, an unknown server name, or similar: no certificate was verified.
    case handshakeFailed = "handshake_failed"
    /// A status that is neither expected nor a refusal.
    case unexpectedStatus = "unexpected_status"
    /// The status is expected, but another expectation is not met.
    case unmetExpectation = "unmet_expectation"
    /// A proxy speaks plain HTTP to a TLS port (nginx's internal status 497).
    case plainHTTPToTLSPort = "plain_http_to_tls_port"
    /// A proxy removed the header `Upgrade`, so the server received an ordinary request.
    case upgradeLost = "websocket_upgrade_lost"
    /// The server's response to the upgrade violates RFC 6455.
    case upgradeBroken = "websocket_upgrade_broken"
    /// The server speaks another protocol than the URL's scheme, or does not offer TLS.
    case protocolMismatch = "protocol_mismatch"
    /// The server asked for a certificate and closed the connection without an alert or a response. That alone proves
    /// nothing, since a connection limit has the same effect.
    case closedSilently = "closed_silently"
    /// The connection broke, and the server had not asked for a client certificate or had accepted it.
    case connectionLost = "connection_lost"
    /// Alert 80: the server failed during the handshake.
    case serverFailed = "server_tls_failure"
    /// Our own files cannot be used.
    case clientFilesUnusable = "client_files_unusable"
    /// The URL is malformed or has an unsupported scheme.
    case urlUnusable = "url_unusable"
    /// Cancelled before its end: there is no result.
    case cancelled

    /// The outcome in a line for people.
    package var label: String {
        switch self {
        case .refusedByMark: "refused as configured"
        default: rawValue.replacing("_", with: " ")
        }
    }

    /// The classes that the verdict of a round distinguishes.
    package enum Kind: Hashable, Sendable {
        case accepted
        case refused
        case unreachable
        case serverNotTrusted
        case unclear
        case ourFault
        case cancelled
    }

    /// The class of this outcome.
    package var kind: Kind {
        switch self {
        case .accepted: .accepted
        case .refusedNoCertificate, .refusedCertificateExpired, .refusedCertificateNotYetValid,
            .refusedServerCRLOrClock, .refusedRevoked, .refusedUnknownCA, .refusedPurpose, .refusedBadCertificate,
            .refusedPolicy, .refusedByNginx, .refusedByCloudflare, .refusedApachePostHandshake, .refusedByMark,
            .refusedByDatabase, .refusedStatus, .refusedSilent, .refusedKeyCannotSign:
            .refused
        case .nameLookupFailed, .connectFailed, .timedOut: .unreachable
        case .serverCertificateUntrusted, .serverCertificateExpired, .serverHostnameMismatch,
            .serverCertificateInvalid:
            .serverNotTrusted
        case .notTLS, .handshakeFailed, .unexpectedStatus, .unmetExpectation, .plainHTTPToTLSPort, .upgradeLost,
            .upgradeBroken, .protocolMismatch, .closedSilently, .connectionLost, .serverFailed:
            .unclear
        case .clientFilesUnusable, .urlUnusable: .ourFault
        case .cancelled: .cancelled
        }
    }

    /// Whether a probe that must be refused was refused for its certificate. A certificate that was not sent proves
    /// nothing.
    package var provesRefusal: Bool { kind == .refused && self != .refusedKeyCannotSign }

    /// Whether the server closed the connection without an alert or a response.
    package var isSilent: Bool { self == .closedSilently || self == .connectionLost }

    /// The outcome of a refusal in TLS.
    package init(_ refusal: TLSRefusal) {
        self =
            switch refusal {
            case .noCertificate: .refusedNoCertificate
            case .keyCannotSign: .refusedKeyCannotSign
            case .certificateExpired: .refusedCertificateExpired
            case .certificateNotYetValid: .refusedCertificateNotYetValid
            case .serverCRLOrClock: .refusedServerCRLOrClock
            case .revoked: .refusedRevoked
            case .unknownCA: .refusedUnknownCA
            case .purpose: .refusedPurpose
            case .badCertificate: .refusedBadCertificate
            case .policy: .refusedPolicy
            case .serverFailed: .serverFailed
            case .noCommonGround: .handshakeFailed
            }
    }
}
