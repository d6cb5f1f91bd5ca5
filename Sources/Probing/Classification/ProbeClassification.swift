import Certificates
import CurlBinding
import TransportSecurity

/// Classifies the result of a transfer as an outcome. The first matching rule decides.
///
/// Result codes alone are misleading: under TLS 1.2 libcurl reports code 60 when the *server* says that *our*
/// certificate has expired, and nginx refuses with a successful handshake and HTTP 400. The tests contain the
/// measurements behind these rules.
package struct ProbeClassification: Sendable {
    package let clientCertificate: ClientCertificateFact
    package let question: ProbeQuestion
    package let refusalMarks: RefusalMarks
    let facts: ClientFacts?

    package init(
        clientCertificate: ClientCertificateFact, question: ProbeQuestion, refusalMarks: RefusalMarks = RefusalMarks()
    ) {
        self.init(clientCertificate: clientCertificate, question: question, refusalMarks: refusalMarks, facts: nil)
    }

    init(
        clientCertificate: ClientCertificateFact, question: ProbeQuestion, refusalMarks: RefusalMarks,
        facts: ClientFacts?
    ) {
        self.clientCertificate = clientCertificate
        self.question = question
        self.refusalMarks = refusalMarks
        self.facts = facts
    }

    /// The outcome of `result`, whose handshake must be recorded.
    package func outcome(of result: TransferResult) -> ProbeOutcome {
        conclusion(of: result).outcome
    }

    /// The outcome of `result`, and the unmet expectations if they are the reason.
    func conclusion(of result: TransferResult) -> (outcome: ProbeOutcome, unmet: [UnmetExpectation]) {
        // A status below 200 is an interim response (RFC 9110 15.2), except for 101, which ends HTTP.
        let (outcome, unmet) = firstConclusion(of: result)
        guard outcome.kind == .refused || outcome == .closedSilently, sentNothing(in: result) else {
            return (outcome, unmet)
        }
        let schemes = (result.handshake?.signatureSchemes ?? []).map { SignatureScheme(number: $0).description }
        return (.refusedKeyCannotSign, [.signaturesNotShared(accepted: schemes)])
    }

    private func firstConclusion(of result: TransferResult) -> (outcome: ProbeOutcome, unmet: [UnmetExpectation]) {
        let isAnswer = result.status.map { $0 >= 200 || $0 == 101 } == true && result.code != .timedOut
        guard isAnswer, let status = result.status, result.code != .cancelled else {
            return (outcome(withoutAnswer: result), [])
        }
        let outcome = outcome(status: status, of: result)
        if outcome == .unexpectedStatus, case .entry(let expectation) = question {
            let location = result.header("location").map { String($0.prefix(200)) }
            return (outcome, [.status(status: status, expected: "\(expectation.statuses)", location: location)])
        }
        guard outcome == .accepted, case .entry(let expectation) = question else { return (outcome, []) }
        let unmet = ExpectationCheck(expectation: expectation, facts: facts).unmet(by: result)
        return (unmet.isEmpty ? .accepted : .unmetExpectation, unmet)
    }

    private func outcome(withoutAnswer result: TransferResult) -> ProbeOutcome {
        switch result.code {
        case .localCertificateProblem, .caFileUnreadable: return .clientFilesUnusable
        case .nameLookupFailed: return .nameLookupFailed
        case .connectFailed: return .connectFailed
        case .badArgument, .malformedURL, .unsupportedScheme: return .urlUnusable
        case .cancelled: return .cancelled
        default: break
        }
        if let found = TLSRefusal.found(in: result, showing: clientCertificate) {
            return ProbeOutcome(found.refusal)
        }
        switch result.code {
        case .timedOut: return .timedOut
        case .weirdServerReply: return .protocolMismatch
        case .clientCertificateDemanded: return .refusedNoCertificate
        case .peerVerificationFailed: return outcome(ofServerChainIn: result)
        case .tlsHandshakeFailed where OpenSSLReason(in: result.message) == .wrongVersionNumber: return .notTLS
        case .tlsHandshakeFailed: return wasAsked(in: result) ? .closedSilently : .handshakeFailed
        default: return wasAsked(in: result) ? .closedSilently : .connectionLost
        }
    }

    /// The outcome of a handshake after which the server sent data or nothing.
    func conclusion(ofQuietConnection result: TransferResult) -> (outcome: ProbeOutcome, unmet: [UnmetExpectation]) {
        guard case .entry(let expectation) = question else { return (.accepted, []) }
        var tlsAlone = AnswerExpectation()
        tlsAlone.tlsFloor = expectation.tlsFloor
        tlsAlone.responseTimeMilliseconds = expectation.responseTimeMilliseconds
        let unmet = ExpectationCheck(expectation: tlsAlone, facts: facts).unmet(by: result)
        return (unmet.isEmpty ? .accepted : .unmetExpectation, unmet)
    }

    private func wasAsked(in result: TransferResult) -> Bool {
        result.handshake?.certificateRequested == true
    }

    /// Whether a certificate was configured, and OpenSSL sent none because its key supports no signature algorithm of
    /// the server.
    private func sentNothing(in result: TransferResult) -> Bool {
        clientCertificate != .none && result.handshake?.certificatesSent == 0
    }

    /// Uses OpenSSL's result (`X509_V_ERR_…`). libcurl compares the hostname afterwards.
    private func outcome(ofServerChainIn result: TransferResult) -> ProbeOutcome {
        if result.message.contains("subject name") { return .serverHostnameMismatch }
        return switch result.verifyResult {
        case 10: .serverCertificateExpired
        case 2, 18, 19, 20, 21, 27: .serverCertificateUntrusted
        default: .serverCertificateInvalid
        }
    }

    // MARK: HTTP responses

    private func outcome(status: Int, of result: TransferResult) -> ProbeOutcome {
        if refusalMarks.match(status: status, result) { return .refusedByMark }
        if question.admittedStatuses.contains(status) { return .accepted }
        if let known = knownRefusal(status: status, of: result) { return known }
        if result.bodyContains("The plain HTTP request was sent to HTTPS port") { return .plainHTTPToTLSPort }
        switch (status, clientCertificate, question) {
        case (401, _, _), (403, _, _): return .refusedStatus
        // Without a certificate request in the handshake, a 400 has another cause.
        case (400, .none, _), (400, _, .refusal): return wasAsked(in: result) ? .refusedStatus : .unexpectedStatus
        default: return .unexpectedStatus
        }
    }

    /// The refusals that edges identify by their text.
    private func knownRefusal(status: Int, of result: TransferResult) -> ProbeOutcome? {
        // nginx uses these texts under any status that error_page sets.
        if result.bodyContains("No required SSL certificate was sent") { return .refusedNoCertificate }
        if result.bodyContains("The SSL certificate error") { return .refusedByNginx }
        if status == 403, result.bodyContains("Post-Handshake Authentication") { return .refusedApachePostHandshake }
        guard status == 403, result.isFromCloudflare else { return nil }
        if clientCertificate == .none { return .refusedNoCertificate }
        let isBlockPage = result.bodyContains("error code: 1020") || result.bodyContains("Cloudflare")
        return isBlockPage ? .refusedByCloudflare : nil
    }
}

extension TransferResult {
    fileprivate var isFromCloudflare: Bool {
        header("server")?.lowercased() == "cloudflare" && header("cf-ray") != nil
    }
}
