extension ProbeOutcome {
    /// One sentence for a person: the result of a probe with such a certificate, and the next step.
    package func explanation(showing certificate: ClientCertificateFact) -> String {
        if let refusal = TLSRefusal.allCases.first(where: { ProbeOutcome($0) == self }) {
            return refusal.explanation(showing: certificate)
        }
        return switch self {
        case .refusedByNginx: Self.nginx(certificate)
        case .refusedByCloudflare where certificate == .none, .refusedSilent where certificate == .none,
            .refusedApachePostHandshake where certificate == .none:
            "The endpoint refused a client that showed no certificate."
        default: plainExplanation
        }
    }

    /// Whether the dates of our certificate may be the cause of this outcome.
    package var leavesCauseOpen: Bool {
        switch self {
        case .refusedBadCertificate, .refusedByCloudflare, .refusedByMark, .refusedByDatabase, .refusedStatus,
            .refusedSilent, .refusedPolicy, .closedSilently, .connectionLost, .serverFailed, .unexpectedStatus,
            .unmetExpectation:
            true
        case .accepted, .refusedNoCertificate, .refusedCertificateExpired, .refusedCertificateNotYetValid,
            .refusedServerCRLOrClock, .refusedRevoked, .refusedUnknownCA, .refusedPurpose, .refusedByNginx,
            .refusedApachePostHandshake, .refusedKeyCannotSign, .nameLookupFailed, .connectFailed, .timedOut,
            .serverCertificateUntrusted, .serverCertificateExpired, .serverHostnameMismatch,
            .serverCertificateInvalid, .notTLS, .handshakeFailed, .plainHTTPToTLSPort, .upgradeLost, .upgradeBroken,
            .protocolMismatch, .clientFilesUnusable, .urlUnusable, .cancelled:
            false
        }
    }

    /// nginx has one text for every reason, so the certificate's own state is the best guess.
    private static func nginx(_ certificate: ClientCertificateFact) -> String {
        switch certificate {
        case .none: "nginx refused the client."
        case .expired: "nginx refused the client certificate, which has expired: renew it."
        case .notYetValid: "nginx refused the client certificate, which is not valid yet: wait, or check both clocks."
        case .valid:
            "nginx refused the client certificate: another CA, a stale or missing CRL, a revocation or its purpose; "
                + "nginx's error.log says which."
        }
    }

    private var plainExplanation: String {
        switch self {
        case .accepted: "The endpoint accepted this probe."
        case .refusedNoCertificate, .refusedKeyCannotSign, .refusedCertificateExpired, .refusedCertificateNotYetValid,
            .refusedServerCRLOrClock, .refusedRevoked, .refusedUnknownCA, .refusedPurpose, .refusedBadCertificate,
            .refusedPolicy, .serverFailed, .handshakeFailed:
            explanation(showing: .valid)
        case .refusedByNginx: Self.nginx(.valid)
        case .refusedByCloudflare:
            "Cloudflare blocked the request: is the CA uploaded, the hostname associated, the rule's selector right?"
        case .refusedApachePostHandshake:
            "Apache wants the certificate after the handshake: set SSLVerifyClient for the whole virtual host."
        case .refusedByMark: "The answer matches `refusal` of this endpoint's configuration."
        case .refusedByDatabase: "The database refuses this client: the message and its log say why."
        case .refusedStatus: "The endpoint answered that this client may not enter: look at its access rules."
        case .refusedSilent:
            "The server asked for a certificate and closed the connection without an answer, also when no other "
                + "probe was running: its log has the reason; for an AWS load balancer look for tls_verify_status in its "
                + "connection log."
        case .nameLookupFailed: "The host's name does not resolve: check the name and the resolver."
        case .connectFailed: "No connection to the host: check the port, the service and the firewall."
        case .timedOut: "No answer in time: check the service, or raise the timeout."
        case .serverCertificateUntrusted:
            "The server's chain leads to no CA that is trusted here: compare it with ca_file, or the system's CAs without "
                + "one."
        case .serverCertificateExpired: "A certificate of the server has expired: renew it."
        case .serverHostnameMismatch:
            "The server's certificate is for other names: check the URL, or set server_name."
        case .serverCertificateInvalid: "The server's chain fails verification: the message says where."
        case .notTLS: "The port does not speak TLS: check the URL's port."
        case .unexpectedStatus: "The endpoint answered, but not as expected: check the URL, or expect.status."
        case .unmetExpectation: "The endpoint answered, but not as expected: fix the service, or change expect."
        case .plainHTTPToTLSPort:
            "A proxy on the way speaks plain HTTP (or ws://) to a port that wants TLS: give its upstream https://."
        case .upgradeLost:
            "The server saw no upgrade: a proxy on the way drops it. nginx needs proxy_http_version 1.1 and "
                + "proxy_set_header for Upgrade and Connection."
        case .upgradeBroken: "The server's answer to the WebSocket upgrade breaks RFC 6455: the message says where."
        case .protocolMismatch: "The server does not speak what the URL's scheme says, or offers no TLS there."
        case .closedSilently:
            "The server asked for a certificate and closed the connection without an answer, which a limit on connections "
                + "does as well: set sequential: true where it serves one connection at a time."
        case .connectionLost: "The connection broke before an answer: look at the server's log."
        case .clientFilesUnusable: "The endpoint's files cannot be used: the message says which."
        case .urlUnusable: "The endpoint's URL cannot be used: docs/probes.md lists the schemes."
        case .cancelled: "The probe was cancelled before its end."
        }
    }
}
