import TransportSecurity

/// How one probe ended. Raw values are part of the JSON contract and of the metrics.
package enum ProbeOutcome: String, Hashable, Sendable, CaseIterable {
    /// An expected status.
    case accepted

    // Refused: the server looked at the client certificate, or at its absence, and said no.

    /// The server demands a client certificate, and none was sent.
    case refusedNoCertificate = "refused_no_cert"
    /// Alert 45, and by our clock the certificate has expired.
    case refusedCertificateExpired = "refused_cert_expired"
    /// By our clock the certificate is not valid yet, and the server's alert fits that.
    case refusedCertificateNotYetValid = "refused_cert_not_yet_valid"
    /// Alert 45, and by our clock the certificate is valid: the server's CRL is stale, or a clock is wrong.
    case refusedServerCRLOrClock = "refused_server_crl_or_clock"
    /// Alert 44.
    case refusedRevoked = "refused_revoked"
    /// Alert 48.
    case refusedUnknownCA = "refused_unknown_ca"
    /// Alert 43: the certificate is not for TLS clients.
    case refusedPurpose = "refused_purpose"
    /// Alert 42, 46 or 51, or 40 in answer to a certificate: refused for a reason that the alert does not tell.
    case refusedBadCertificate = "refused_bad_cert"
    /// Alert 49.
    case refusedPolicy = "refused_policy"
    /// nginx's answer to any certificate that it does not take, whatever the reason (its internal status 495).
    case refusedByNginx = "refused_by_nginx"
    /// A block page of Cloudflare's edge.
    case refusedByCloudflare = "refused_by_cloudflare"
    /// Apache asks for the certificate after the request, which this connection could not do.
    case refusedApachePostHandshake = "refused_apache_post_handshake"
    /// One of the marks that are configured for this endpoint.
    case refusedByMark = "refused_by_mark"
    /// A database let TLS be, and then refused the user for want of a certificate that it takes.
    case refusedByDatabase = "refused_by_database"
    /// HTTP 401 or 403 (or 400 without a certificate) without any other mark.
    case refusedStatus = "refused_status"
    /// The server asked for a certificate and closed the connection without an alert or an answer, and did so again when
    /// the same probe was made alone, between two that were let in.
    case refusedSilent = "refused_silent"
    /// The server got no certificate, since our key makes no signature that it takes.
    case refusedKeyCannotSign = "refused_key_cannot_sign"

    // Not reached

    case nameLookupFailed = "dns_failed"
    case connectFailed = "connect_failed"
    case timedOut = "timeout"

    // Reached, but the server is not whom we trust

    /// Its chain leads to no trust anchor of ours.
    case serverCertificateUntrusted = "server_cert_untrusted"
    case serverCertificateExpired = "server_cert_expired"
    case serverHostnameMismatch = "server_hostname_mismatch"
    /// Any other fault that OpenSSL finds with the server's chain.
    case serverCertificateInvalid = "server_cert_invalid"

    // Reached, without an answer to the question

    /// The port speaks something else.
    case notTLS = "not_tls"
    /// No common protocol version or cipher, an unknown server name, or the like: no certificate was verified.
    case handshakeFailed = "handshake_failed"
    /// A status that is neither expected nor a refusal.
    case unexpectedStatus = "unexpected_status"
    /// An expected status, but something else about the answer is not as expected.
    case unmetExpectation = "unmet_expectation"
    /// A proxy on the way speaks plain HTTP to a port that wants TLS (nginx's internal status 497).
    case plainHTTPToTLSPort = "plain_http_to_tls_port"
    /// The header `Upgrade` did not pass a proxy, so that the server saw an ordinary request.
    case upgradeLost = "websocket_upgrade_lost"
    /// The server answered the upgrade against RFC 6455.
    case upgradeBroken = "websocket_upgrade_broken"
    /// The server speaks another protocol than the URL's scheme says, or does not offer TLS.
    case protocolMismatch = "protocol_mismatch"
    /// The server asked for a certificate and closed the connection without an alert or an answer: that alone proves
    /// nothing, since a limit on connections does the same.
    case closedSilently = "closed_silently"
    /// The connection broke, and no client certificate had been asked for, or it had been accepted.
    case connectionLost = "connection_lost"
    /// Alert 80: the server failed during the handshake.
    case serverFailed = "server_tls_failure"
    /// Our own files cannot be used.
    case clientFilesUnusable = "client_files_unusable"
    /// The URL is none, or not `https://`.
    case urlUnusable = "url_unusable"
    /// Called off before its end: nothing is known.
    case cancelled

    /// The classes that a paired verdict distinguishes.
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

    /// Whether a probe that must be refused has been refused for what it showed. A certificate that was never sent proves
    /// nothing about itself.
    var provesRefusal: Bool { kind == .refused && self != .refusedKeyCannotSign }

    /// Whether the server closed the connection, and neither an alert nor an answer says why.
    var isSilent: Bool { self == .closedSilently || self == .connectionLost }

    /// The outcome of a refusal in TLS.
    init(_ refusal: TLSRefusal) {
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
