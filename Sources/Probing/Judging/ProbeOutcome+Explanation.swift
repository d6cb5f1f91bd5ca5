extension ProbeOutcome {
    /// One sentence for people: what happened to a probe that showed such a certificate, and where to look next.
    package func explanation(showing certificate: ClientCertificateFact) -> String {
        switch self {
        case .refusedNoCertificate: Self.withoutCertificate(certificate)
        case .refusedByNginx: Self.nginx(certificate)
        case .refusedByCloudflare where certificate == .none, .refusedSilent where certificate == .none,
            .refusedBadCertificate where certificate == .none, .refusedApachePostHandshake where certificate == .none:
            "The endpoint refused a client that showed no certificate."
        case .refusedBadCertificate where certificate == .expired:
            "The server refused the client certificate without saying why; it has expired: renew it."
        default: plainExplanation
        }
    }

    private static func withoutCertificate(_ certificate: ClientCertificateFact) -> String {
        certificate == .none
            ? "The endpoint demands a client certificate, and this probe showed none."
            : "The endpoint says that it got no client certificate, though one was shown: "
                + "is the CA that it asks for the issuer's?"
    }

    /// nginx has one text for every reason, so that what we know ourselves is the best guess.
    private static func nginx(_ certificate: ClientCertificateFact) -> String {
        switch certificate {
        case .none: "nginx refused the client."
        case .expired: "nginx refused the client certificate, which has expired: renew it."
        case .notYetValid: "nginx refused the client certificate, which is not valid yet: wait, or check both clocks."
        case .valid:
            "nginx refused the client certificate: another CA, a stale or missing CRL, a revocation or its purpose; "
                + "which of them stands only in nginx's error.log."
        }
    }

    private var plainExplanation: String {
        switch self {
        case .accepted: "The endpoint let this probe in."
        case .refusedNoCertificate, .refusedByNginx: Self.nginx(.valid)
        case .refusedCertificateExpired: "The client certificate has expired: renew it."
        case .refusedCertificateNotYetValid:
            "The client certificate is not valid yet: wait for its notBefore, or check both clocks."
        case .refusedServerCRLOrClock:
            "The server calls the client certificate expired, but it is not: look at the server's CRL, then its clock."
        case .refusedRevoked: "The client certificate is on the server's CRL: have a new one issued."
        case .refusedUnknownCA:
            "The server does not know the CA of the client certificate: compare its CA file with the issuer."
        case .refusedPurpose: "The client certificate is not for TLS clients: issue one with clientAuth."
        case .refusedBadCertificate:
            "The server refused the client certificate without saying why: its log has the reason."
        case .refusedPolicy:
            "The certificate is good, but the server's policy gives it no access: look at its rules, and at the user or "
                + "name that they ask for."
        case .refusedByCloudflare:
            "Cloudflare blocked the request: is the CA uploaded, the hostname associated, the rule's selector right?"
        case .refusedApachePostHandshake:
            "Apache wants the certificate after the handshake: set SSLVerifyClient for the whole virtual host."
        case .refusedByMark: "The answer bears a mark of refusal that is configured for this endpoint."
        case .refusedByDatabase: "The database refuses this client: the message and its log say why."
        case .refusedStatus: "The endpoint answered that this client may not enter: look at its access rules."
        case .refusedSilent:
            "The server asked for a certificate and closed the connection without a word: its log has the reason; for "
                + "an AWS load balancer look for tls_verify_status in its connection log."
        case .nameLookupFailed: "The host's name does not resolve: check the name and the resolver."
        case .connectFailed: "No connection to the host: check the port, the service and the firewall."
        case .timedOut: "No answer in time: check the service, or raise the timeout."
        case .serverCertificateUntrusted: "The server's chain leads to no CA in ca_file: compare the two."
        case .serverCertificateExpired: "A certificate of the server has expired: renew it."
        case .serverHostnameMismatch:
            "The server's certificate is for other names: check the URL, or set server_name."
        case .serverCertificateInvalid: "The server's chain fails verification: the message says where."
        case .notTLS: "The port does not speak TLS: check the URL's port."
        case .handshakeFailed: "Client and server found no common ground for TLS: compare versions and ciphers."
        case .unexpectedStatus: "The endpoint answered, but not as expected: check the URL, or expect.status."
        case .unmetExpectation: "The endpoint answered, but not as expected: the message says what is amiss."
        case .plainHTTPToTLSPort:
            "A proxy on the way speaks plain HTTP (or ws://) to a port that wants TLS: give its upstream https://."
        case .upgradeLost:
            "The server saw no upgrade: a proxy on the way drops it. nginx needs proxy_http_version 1.1 and "
                + "proxy_set_header for Upgrade and Connection."
        case .upgradeBroken: "The server's answer to the WebSocket upgrade breaks RFC 6455: the message says where."
        case .protocolMismatch: "The server does not speak what the URL's scheme says, or offers no TLS there."
        case .connectionLost: "The connection broke before an answer: look at the server's log."
        case .clientFilesUnusable: "The endpoint's files cannot be used: the message says which."
        case .urlUnusable: "The endpoint's URL cannot be used: docs/probes.md lists the schemes."
        case .cancelled: "The probe was called off before its end."
        }
    }
}
