extension Verdict {
    /// Who can fix the cause of a verdict.
    package enum Fixer: String, Hashable, Sendable {
        case noOne = "nothing to fix"
        case endpointOperator = "the endpoint's operator"
        case certificateOwner = "the owner of the client certificate, or the endpoint's operator"
        case network = "the operator of the service, its DNS name or the network"
        case us = "the operator of notafter"
    }

    /// The verdict in one sentence. `docs/probes.md` contains the same text.
    package var meaning: String {
        switch self {
        case .enforced: "mTLS is enforced: let in with the client certificate, refused without it."
        case .accepted: "Let in; entry without a client certificate was not tried."
        case .cancelled: "The probes were cancelled before their end: nothing is known."
        case .inconclusive: "The client certificate is accepted, but the probes that must be refused proved nothing."
        case .optional: "The server asks for a client certificate and lets in clients without one."
        case .notEnforced: "mTLS is not enforced: anyone gets in without a certificate, or with a wrong one."
        case .misconfigured: "Nothing was probed: a file or the URL of this endpoint's configuration cannot be used."
        case .unexpectedAnswer: "The endpoint answered with something that is neither entry nor refusal."
        case .handshakeFailed: "The TLS handshake failed before any certificate was verified."
        case .notTLS: "The port does not speak TLS."
        case .serverCertificateUntrusted: "The server's chain leads to no trusted CA."
        case .serverCertificateHostnameMismatch: "The server's certificate is for other names."
        case .serverCertificateExpired: "A certificate in the server's chain has expired."
        case .serverCertificateInvalid: "The server's chain fails verification."
        case .timeout: "The endpoint gave no answer in time."
        case .unreachable: "The endpoint cannot be reached."
        case .refusedOurs: "The endpoint refuses the configured client certificate."
        }
    }

    /// The most likely cause, which is the first thing to check. `docs/probes.md` contains the same text.
    package var likelyCause: String {
        switch self {
        case .enforced, .accepted: "All is as it should be."
        case .cancelled: "notafter was shut down meanwhile."
        case .inconclusive: "One of them ended in an error that is no refusal; its outcome says in which."
        case .optional: "ssl_verify_client optional, SSLVerifyClient optional, verify optional or their like."
        case .notEnforced:
            "Verification is off, or accepts any CA (optional_no_ca), or another route leads around the edge."
        case .misconfigured: "A path, a passphrase, a key that belongs to another certificate, or the URL."
        case .unexpectedAnswer: "The service is in trouble, a proxy is set up wrongly, or expect is out of date."
        case .handshakeFailed:
            "A TLS version or cipher that one side has disabled, or a server name that the server does not know."
        case .notTLS: "The wrong port, or a listener without TLS (nginx: `listen` without `ssl`)."
        case .serverCertificateUntrusted:
            "The server has a certificate of another CA, sends no intermediate, or ca_file is out of date."
        case .serverCertificateHostnameMismatch: "The URL, server_name, or a default virtual host that answers."
        case .serverCertificateExpired: "It was not renewed, or it was and the server still holds the old one."
        case .serverCertificateInvalid: "A purpose, a constraint or a signature; the message says which."
        case .timeout: "An overloaded service, or a firewall that drops packets."
        case .unreachable: "DNS, the port, a service that is down, or a firewall that rejects."
        case .refusedOurs:
            "The client certificate is expired, revoked or of a CA that the server no longer takes, or the server's own "
                + "CRL is stale; the outcome says which."
        }
    }

    /// Who can fix it. `docs/probes.md` contains the same text.
    package var fixer: Fixer {
        switch self {
        case .enforced, .accepted, .cancelled: .noOne
        case .inconclusive, .optional, .notEnforced, .unexpectedAnswer, .handshakeFailed, .serverCertificateExpired,
            .serverCertificateInvalid:
            .endpointOperator
        case .misconfigured, .notTLS, .serverCertificateUntrusted, .serverCertificateHostnameMismatch: .us
        case .timeout, .unreachable: .network
        case .refusedOurs: .certificateOwner
        }
    }
}
