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
    /// nginx's answer to any certificate that it does not take, whatever the reason.
    case refusedNginx495 = "refused_nginx_495"
    /// A block page of Cloudflare's edge.
    case refusedCloudflare = "refused_cloudflare"
    /// Apache asks for the certificate after the request, which this connection could not do.
    case refusedApachePostHandshake = "refused_apache_pha"
    /// HTTP 401 or 403 (or 400 without a certificate) without any other mark.
    case refusedStatus = "refused_status"
    /// The server asked for a certificate and then closed the connection without a word.
    case refusedSilent = "refused_silent"

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
    /// No common protocol version or cipher, an unknown server name, or the like: nobody looked at a certificate.
    case handshakeFailed = "handshake_failed"
    /// A status that is neither expected nor a refusal.
    case unexpectedStatus = "unexpected_status"
    /// The connection broke, and no client certificate had been asked for.
    case connectionLost = "connection_lost"
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
            .refusedPolicy, .refusedNginx495, .refusedCloudflare, .refusedApachePostHandshake, .refusedStatus,
            .refusedSilent:
            .refused
        case .nameLookupFailed, .connectFailed, .timedOut: .unreachable
        case .serverCertificateUntrusted, .serverCertificateExpired, .serverHostnameMismatch,
            .serverCertificateInvalid:
            .serverNotTrusted
        case .notTLS, .handshakeFailed, .unexpectedStatus, .connectionLost: .unclear
        case .clientFilesUnusable, .urlUnusable: .ourFault
        case .cancelled: .cancelled
        }
    }
}

extension ProbeOutcome {
    /// One sentence for people: what happened, and where to look next.
    package var explanation: String {
        switch self {
        case .accepted: "The endpoint let this probe in."
        case .refusedNoCertificate: "The endpoint demands a client certificate and got none."
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
        case .refusedPolicy: "The certificate is good, but the server's policy denies it access: look at its rules."
        case .refusedNginx495: "nginx refused the client certificate: the reason is only in its error.log."
        case .refusedCloudflare:
            "Cloudflare blocked the request: is the CA uploaded, the hostname associated, the rule's selector right?"
        case .refusedApachePostHandshake:
            "Apache wants the certificate after the handshake: set SSLVerifyClient for the whole virtual host."
        case .refusedStatus: "The endpoint answered that this client may not enter: look at its access rules."
        case .refusedSilent:
            "The server asked for a certificate and closed the connection without a word: its log has the reason."
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
        case .connectionLost: "The connection broke before an answer: look at the server's log."
        case .clientFilesUnusable: "The endpoint's tls_config names files that cannot be used: the message says which."
        case .urlUnusable: "The endpoint's URL cannot be used: it must begin with https:// and name a host."
        case .cancelled: "The probe was called off before its end."
        }
    }
}
