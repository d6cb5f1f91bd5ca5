/// Why a TLS server ended the connection with a client, derived from its alert (RFC 8446 6.2) and the client's own
/// facts. Probes and deliveries share it, so that both report the same cause.
package enum TLSRefusal: Hashable, Sendable, CaseIterable {
    case noCertificate
    /// The key supports none of the server's signature algorithms, so OpenSSL sent an empty Certificate message.
    case keyCannotSign
    case certificateExpired
    case certificateNotYetValid
    /// Alert 45 for a certificate that is valid by our clock.
    case serverCRLOrClock
    case revoked
    case unknownCA
    case purpose
    /// Refused for a reason that the alert does not name.
    case badCertificate
    case policy
    /// Alert 80: the server failed and verified nothing.
    case serverFailed
    /// No common version or cipher, an unknown server name, or similar: no certificate was verified.
    case noCommonGround

    /// The client's part in the handshake that the alert ended.
    package struct Handshake: Hashable, Sendable {
        /// Whether the server asked for a client certificate.
        package var wasAsked: Bool
        /// Whether a certificate was configured and the client's Certificate message was still empty.
        package var sentNothing: Bool

        package init(wasAsked: Bool, sentNothing: Bool) {
            self.wasAsked = wasAsked
            self.sentNothing = sentNothing
        }
    }

    package init(_ alert: TLSAlert, client: ClientCertificateFact, in handshake: Handshake) {
        self =
            handshake.sentNothing && alert.isOfMissingCertificate
            ? .keyCannotSign : Self.reason(of: alert, client, wasAsked: handshake.wasAsked)
    }

    private static func reason(of alert: TLSAlert, _ client: ClientCertificateFact, wasAsked: Bool) -> TLSRefusal {
        switch (alert, client) {
        case (.certificateRequired, _): .noCertificate
        // Go sends bad_certificate, OpenSSL under TLS 1.2 handshake_failure, Mbed TLS no_certificate.
        case (.handshakeFailure, .none), (.noCertificate, .none), (.badCertificate, .none),
            (.certificateUnknown, .none):
            wasAsked ? .noCertificate : .noCommonGround
        case (.certificateExpired, .expired): .certificateExpired
        case (.certificateExpired, .notYetValid), (.badCertificate, .notYetValid): .certificateNotYetValid
        case (.certificateExpired, _): .serverCRLOrClock
        case (.certificateRevoked, _): .revoked
        case (.unknownCA, _): .unknownCA
        case (.unsupportedCertificate, _): .purpose
        case (.badCertificate, _), (.certificateUnknown, _): .badCertificate
        case (.handshakeFailure, _), (.decryptError, _), (.noCertificate, _):
            wasAsked ? .badCertificate : .noCommonGround
        case (.accessDenied, _): .policy
        case (.internalError, _): .serverFailed
        default: .noCommonGround
        }
    }

    /// One sentence for a person: the server's reason and the next step.
    package func explanation(showing client: ClientCertificateFact) -> String {
        switch self {
        case .noCertificate where client == .none:
            "The endpoint demands a client certificate, and none was shown."
        case .noCertificate:
            "The endpoint says that it got no client certificate, though one was shown: is the CA that it asks for the "
                + "issuer's?"
        case .keyCannotSign:
            "The key of the client certificate can make no signature that the server takes, so that none was sent: issue "
                + "one with a key of another kind, or let the server take its algorithm."
        case .certificateExpired: "The client certificate has expired: renew it."
        case .certificateNotYetValid:
            "The client certificate is not valid yet: wait for its notBefore, or check both clocks."
        case .serverCRLOrClock:
            "The server calls the client certificate expired, but it is not: look at the server's CRL, then its clock."
        case .revoked: "The client certificate is on the server's CRL: have a new one issued."
        case .unknownCA:
            "The server does not know the CA of the client certificate: compare its CA file with the issuer."
        case .purpose: "The client certificate is not for TLS clients: issue one with clientAuth."
        case .badCertificate where client == .none: "The endpoint refused a client that showed no certificate."
        case .badCertificate where client == .expired:
            "The server refused the client certificate without saying why; it has expired: renew it."
        case .badCertificate:
            "The server refused the client certificate without saying why: its log has the reason."
        case .policy:
            "The certificate is good, but the server's policy gives it no access: look at its rules, and at the user or "
                + "name that they ask for."
        case .serverFailed:
            "The server failed during the handshake (alert internal_error) and judged no certificate: look at its log."
        case .noCommonGround:
            "Client and server found no common ground for TLS: compare versions and ciphers."
        }
    }
}

extension TLSAlert {
    /// Whether servers send this alert to a client whose Certificate message is empty.
    fileprivate var isOfMissingCertificate: Bool {
        [.certificateRequired, .handshakeFailure, .noCertificate, .badCertificate, .certificateUnknown].contains(self)
    }
}
