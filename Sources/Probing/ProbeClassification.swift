import CurlBinding

/// Turns what came of a transfer into an outcome. The first rule that matches decides.
///
/// Codes alone mislead: under TLS 1.2 libcurl reports code 60 when it is the *server* that calls *our* certificate
/// expired, and nginx refuses with a good handshake and HTTP 400. Facts measured for these rules stand in the tests.
package struct ProbeClassification: Sendable {
    package let clientCertificate: ClientCertificateFact
    package let expectedStatuses: Set<Int>

    package init(clientCertificate: ClientCertificateFact, expectedStatuses: Set<Int>) {
        self.clientCertificate = clientCertificate
        self.expectedStatuses = expectedStatuses
    }

    /// The outcome of `result`, which must have its handshake recorded.
    package func outcome(of result: TransferResult) -> ProbeOutcome {
        switch result.code {
        case .localCertificateProblem, .caFileUnreadable: return .clientFilesUnusable
        case .nameLookupFailed: return .nameLookupFailed
        case .connectFailed: return .connectFailed
        case .badArgument, .malformedURL, .unsupportedScheme: return .urlUnusable
        case .cancelled: return .cancelled
        default: break
        }
        // Below 200 it is an interim answer (RFC 9110 15.2).
        if let status = result.status, status >= 200, result.code != .timedOut {
            return outcome(status: status, of: result)
        }
        if let alert = result.handshake?.alertsReceived.first {
            return outcome(alert: TLSAlert(number: alert), wasAsked: wasAsked(in: result))
        }
        switch result.code {
        case .timedOut: return .timedOut
        case .clientCertificateDemanded: return .refusedNoCertificate
        case .peerVerificationFailed: return outcome(ofServerChainIn: result)
        case .tlsHandshakeFailed where OpenSSLReason(in: result.message) == .wrongVersionNumber: return .notTLS
        case .tlsHandshakeFailed: return wasAsked(in: result) ? .refusedSilent : .handshakeFailed
        default: return wasAsked(in: result) ? .refusedSilent : .connectionLost
        }
    }

    /// Whether the connection ended as it does when a reset has overtaken the server's alert.
    package func hidesItsReason(_ result: TransferResult) -> Bool {
        [.refusedSilent, .connectionLost].contains(outcome(of: result))
    }

    private func wasAsked(in result: TransferResult) -> Bool {
        result.handshake?.certificateRequested == true
    }

    // MARK: Refused in TLS

    private func outcome(alert: TLSAlert, wasAsked: Bool) -> ProbeOutcome {
        switch (alert, clientCertificate) {
        case (.certificateRequired, _): .refusedNoCertificate
        // Go says bad_certificate, OpenSSL under TLS 1.2 handshake_failure, Mbed TLS no_certificate.
        case (.handshakeFailure, .none), (.noCertificate, .none), (.badCertificate, .none),
            (.certificateUnknown, .none):
            wasAsked ? .refusedNoCertificate : .handshakeFailed
        case (.certificateExpired, .expired): .refusedCertificateExpired
        case (.certificateExpired, .notYetValid), (.badCertificate, .notYetValid): .refusedCertificateNotYetValid
        case (.certificateExpired, _): .refusedServerCRLOrClock
        case (.certificateRevoked, _): .refusedRevoked
        case (.unknownCA, _): .refusedUnknownCA
        case (.unsupportedCertificate, _): .refusedPurpose
        case (.badCertificate, _), (.certificateUnknown, _): .refusedBadCertificate
        case (.handshakeFailure, _), (.decryptError, _), (.noCertificate, _):
            wasAsked ? .refusedBadCertificate : .handshakeFailed
        case (.accessDenied, _): .refusedPolicy
        default: .handshakeFailed
        }
    }

    /// OpenSSL's verdict (`X509_V_ERR_…`). libcurl compares the names itself, after that verdict.
    private func outcome(ofServerChainIn result: TransferResult) -> ProbeOutcome {
        if result.message.contains("subject name") { return .serverHostnameMismatch }
        return switch result.verifyResult {
        case 10: .serverCertificateExpired
        case 2, 18, 19, 20, 21, 27: .serverCertificateUntrusted
        default: .serverCertificateInvalid
        }
    }

    // MARK: Answered over HTTP

    private func outcome(status: Int, of result: TransferResult) -> ProbeOutcome {
        if expectedStatuses.contains(status) { return .accepted }
        // nginx keeps its texts under any status that error_page gives them.
        if result.bodyContains("No required SSL certificate was sent") { return .refusedNoCertificate }
        if result.bodyContains("The SSL certificate error") { return .refusedNginx495 }
        if status == 403, result.bodyContains("Post-Handshake Authentication") { return .refusedApachePostHandshake }
        if status == 403, result.isFromCloudflare {
            if clientCertificate == .none { return .refusedNoCertificate }
            let isBlockPage = result.bodyContains("error code: 1020") || result.bodyContains("Cloudflare")
            if isBlockPage { return .refusedCloudflare }
        }
        switch (status, clientCertificate) {
        case (401, _), (403, _), (400, .none): return .refusedStatus
        default: return .unexpectedStatus
        }
    }
}

extension TransferResult {
    fileprivate func bodyContains(_ mark: String) -> Bool {
        body.firstRange(of: Array(mark.utf8)) != nil
    }

    fileprivate var isFromCloudflare: Bool {
        header("server")?.lowercased() == "cloudflare" && header("cf-ray") != nil
    }
}
