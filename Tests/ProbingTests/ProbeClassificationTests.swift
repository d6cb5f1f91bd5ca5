import Certificates
import CurlBinding
import Probing
import Testing
import TransportSecurity

/// Observed reports of libcurl 7.88 and OpenSSL 3.0, with their meaning.
private struct Row: Sendable, CustomTestStringConvertible {
    let outcome: ProbeOutcome
    let client: ClientCertificateFact
    private(set) var result: TransferResult
    let testDescription: String

    init(
        _ outcome: ProbeOutcome, _ client: ClientCertificateFact, code: TransferCode, alert: UInt8? = nil,
        asked: Bool = true, sent: Int? = nil, message: String = "", verifyResult: Int = 0
    ) {
        self.outcome = outcome
        self.client = client
        self.result = TransferResult(
            code: code, message: message, verifyResult: verifyResult,
            handshake: HandshakeRecord(
                alertsReceived: alert.map { [$0] } ?? [], certificateRequested: asked))
        self.result.handshake?.certificatesSent = sent
        self.testDescription = "\(outcome): code \(code.rawValue), alert \(alert ?? 0), \(client)"
    }

    init(
        _ outcome: ProbeOutcome, _ client: ClientCertificateFact, status: Int, body: String = "",
        headers: [HeaderField] = [], code: TransferCode = .ok, asked: Bool = true
    ) {
        self.outcome = outcome
        self.client = client
        self.result = TransferResult(
            code: code, status: status, headers: headers, body: Array(body.utf8),
            handshake: HandshakeRecord(certificateRequested: asked))
        self.testDescription = "\(outcome): status \(status), \(client)"
    }
}

private let cloudflare = [HeaderField("Server", "cloudflare"), HeaderField("CF-RAY", "8f1d2c3b4a5e6f70-FRA")]

private let handshakeRows = [
    // No certificate: OpenSSL 1.3, OpenSSL 1.2, Go, Mbed TLS
    Row(.refusedNoCertificate, .none, code: .receiveFailed, alert: 116),
    Row(.refusedNoCertificate, .none, code: .tlsHandshakeFailed, alert: 40),
    Row(.refusedNoCertificate, .none, code: .receiveFailed, alert: 42),
    Row(.refusedNoCertificate, .none, code: .receiveFailed, alert: 41),
    Row(.refusedNoCertificate, .none, code: .clientCertificateDemanded),
    // Alert 40 in the first flight is about ciphers: the server has not asked for a certificate yet.
    Row(.handshakeFailed, .none, code: .tlsHandshakeFailed, alert: 40, asked: false),
    Row(.handshakeFailed, .valid, code: .tlsHandshakeFailed, alert: 40, asked: false),
    // A refused certificate. Code 60 with an alert is the server's verdict, not ours.
    Row(.refusedCertificateExpired, .expired, code: .peerVerificationFailed, alert: 45, verifyResult: 1),
    Row(.refusedCertificateExpired, .expired, code: .receiveFailed, alert: 45),
    Row(.refusedCertificateNotYetValid, .notYetValid, code: .receiveFailed, alert: 45),
    Row(.refusedCertificateNotYetValid, .notYetValid, code: .receiveFailed, alert: 42),
    Row(.refusedServerCRLOrClock, .valid, code: .peerVerificationFailed, alert: 45, verifyResult: 1),
    Row(.refusedRevoked, .valid, code: .tlsHandshakeFailed, alert: 44),
    Row(.refusedUnknownCA, .valid, code: .receiveFailed, alert: 48),
    Row(.refusedPurpose, .valid, code: .receiveFailed, alert: 43),
    Row(.refusedBadCertificate, .valid, code: .receiveFailed, alert: 42),
    Row(.refusedBadCertificate, .expired, code: .receiveFailed, alert: 46),
    Row(.refusedBadCertificate, .valid, code: .tlsHandshakeFailed, alert: 40),
    Row(.refusedPolicy, .valid, code: .receiveFailed, alert: 49),
    // A certificate is not sent when the key supports no signature algorithm of the server.
    Row(.refusedKeyCannotSign, .valid, code: .receiveFailed, alert: 116, sent: 0),
    Row(.refusedKeyCannotSign, .valid, code: .tlsHandshakeFailed, alert: 40, sent: 0),
    Row(.refusedKeyCannotSign, .valid, code: .receiveFailed, alert: 42, sent: 0),
    Row(.refusedKeyCannotSign, .expired, code: .gotNothing, sent: 0),
    Row(.refusedNoCertificate, .valid, code: .receiveFailed, alert: 116, sent: 1),
    Row(.refusedNoCertificate, .none, code: .receiveFailed, alert: 116, sent: 0),
    // The server itself failed.
    Row(.serverFailed, .valid, code: .receiveFailed, alert: 80),
    Row(.serverFailed, .none, code: .tlsHandshakeFailed, alert: 80, asked: false),
    // No common version or cipher
    Row(.handshakeFailed, .valid, code: .tlsHandshakeFailed, alert: 70, asked: false),
    Row(.handshakeFailed, .none, code: .tlsHandshakeFailed, alert: 112, asked: false),
    Row(.handshakeFailed, .none, code: .tlsHandshakeFailed, asked: false),
    // The connection was closed silently
    Row(.closedSilently, .valid, code: .receiveFailed),
    Row(.closedSilently, .none, code: .gotNothing),
    Row(.closedSilently, .none, code: .sendFailed),
    Row(.connectionLost, .none, code: .receiveFailed, asked: false),
    // Not reached
    Row(.nameLookupFailed, .valid, code: .nameLookupFailed, asked: false),
    Row(.connectFailed, .valid, code: .connectFailed, asked: false),
    Row(.timedOut, .valid, code: .timedOut),
    Row(.cancelled, .valid, code: .cancelled),
    Row(.urlUnusable, .valid, code: .malformedURL, asked: false),
    Row(.urlUnusable, .valid, code: .unsupportedScheme, asked: false),
    Row(.clientFilesUnusable, .valid, code: .localCertificateProblem, asked: false),
    Row(
        .notTLS, .valid, code: .tlsHandshakeFailed, asked: false,
        message: "error:0A00010B:SSL routines::wrong version number"),
    // The server's own certificate
    Row(.serverCertificateExpired, .valid, code: .peerVerificationFailed, asked: false, verifyResult: 10),
    Row(.serverCertificateUntrusted, .valid, code: .peerVerificationFailed, asked: false, verifyResult: 18),
    Row(.serverCertificateUntrusted, .valid, code: .peerVerificationFailed, asked: false, verifyResult: 20),
    Row(.serverCertificateInvalid, .valid, code: .peerVerificationFailed, asked: false, verifyResult: 26),
    Row(
        .serverHostnameMismatch, .valid, code: .peerVerificationFailed, asked: true,
        message: "SSL: no alternative certificate subject name matches target host name 'localhost'"),
]

private let answerRows = [
    Row(.accepted, .valid, status: 200),
    Row(.accepted, .none, status: 200),
    Row(.accepted, .valid, status: 200, code: .receiveFailed),
    Row(.refusedNoCertificate, .none, status: 400, body: "<center>No required SSL certificate was sent</center>"),
    Row(.refusedByNginx, .expired, status: 400, body: "<center>The SSL certificate error</center>"),
    Row(.refusedByNginx, .valid, status: 404, body: "<center>The SSL certificate error</center>"),
    Row(.refusedByCloudflare, .valid, status: 403, body: "error code: 1020", headers: cloudflare),
    Row(.refusedNoCertificate, .none, status: 403, body: "error code: 1020", headers: cloudflare),
    Row(.refusedStatus, .valid, status: 403, body: "from the origin behind it", headers: cloudflare),
    Row(
        .refusedApachePostHandshake, .none, status: 403,
        body: "Reason: Cannot perform Post-Handshake Authentication.<br />"),
    Row(.refusedStatus, .none, status: 400),
    Row(.unexpectedStatus, .none, status: 400, asked: false),
    Row(.refusedStatus, .none, status: 401),
    Row(.refusedStatus, .valid, status: 403),
    Row(.unexpectedStatus, .valid, status: 400),
    Row(.unexpectedStatus, .none, status: 302),
    Row(.unexpectedStatus, .none, status: 404),
    Row(.unexpectedStatus, .none, status: 503),
    Row(.timedOut, .none, status: 200, code: .timedOut),
    // 100 Continue is an interim response.
    Row(.closedSilently, .none, status: 100, code: .gotNothing),
]

@Suite struct `Classification of a probe` {
    @Test(arguments: handshakeRows + answerRows)
    private func `what a transfer reports has one meaning`(row: Row) {
        let classification = ProbeClassification(clientCertificate: row.client, question: .entry(AnswerExpectation()))
        #expect(classification.outcome(of: row.result) == row.outcome)
    }

    @Test func `other statuses can be expected`() {
        var expectation = AnswerExpectation()
        expectation.statuses = [204, 401]
        let classification = ProbeClassification(clientCertificate: .valid, question: .entry(expectation))
        #expect(classification.outcome(of: TransferResult(code: .ok, status: 401)) == .accepted)
        #expect(classification.outcome(of: TransferResult(code: .ok, status: 200)) == .unexpectedStatus)
    }

    @Test func `the client certificate is judged to the second, and notAfter still belongs to it`() {
        let validity = Validity(notBefore: Instant(seconds: 100), notAfter: Instant(seconds: 200))
        #expect(ClientCertificateFact(validity, at: Instant(seconds: 99)) == .notYetValid)
        #expect(ClientCertificateFact(validity, at: Instant(seconds: 100)) == .valid)
        #expect(ClientCertificateFact(validity, at: Instant(seconds: 200)) == .valid)
        #expect(ClientCertificateFact(validity, at: Instant(seconds: 201)) == .expired)
        #expect(ClientCertificateFact(nil, at: Instant(seconds: 100)) == .none)
    }
}
