import Certificates
import CurlBinding
import OpenSSLBinding
import TransportSecurity

/// A probe with one certificate or none: a request and, if its failure hides the reason, a second connection that only
/// listens.
struct Probe: Sendable {
    /// The result of a probe with the record of its connection.
    struct Completed: Sendable {
        var result: ProbeResult
        let handshake: HandshakeRecord
        /// The DER of the path with which the server was verified. Empty when it was not verified.
        let verifiedPath: [[UInt8]]
        /// Whether TLS accepted the client, whatever happened after the handshake.
        let isAcceptedByTLS: Bool
    }

    /// How long to wait for a protocol without a response before silence means acceptance. A busy server needs time.
    static let patientMilliseconds = 2_000

    let endpoint: Endpoint
    let target: ProbeTarget
    let trust: TrustStore?
    let proxyLogin: ProxyLogin?
    let address: String?
    let question: ProbeQuestion
    let loop: any TransferPerforming

    func run(with client: Credentials.Client?, at now: Instant) async -> Completed {
        let fact = ClientCertificateFact(client?.validity, at: now)
        let classification = ProbeClassification(
            clientCertificate: fact, question: question, refusalMarks: endpoint.refusalMarks, facts: client?.facts)
        let recorder = VerifiedPathRecorder()
        let request = transfer(with: client, recordingIn: recorder)
        var result = await loop.perform(request)
        var isAccepted = result.isAcceptedByTLS
        if target.kind.hidesItsReason(result, from: classification) {
            let listened = await loop.perform(request.listening)
            isAccepted = isAccepted || listened.isAcceptedByTLS
            if listened.handshake?.alertsReceived.isEmpty == false {
                result = listened
            }
        }
        let (outcome, unmet) = target.kind.classify(result, by: classification)
        let shown = target.kind == .wss ? WebSocketAnswer(result).shown : result
        var account = ProbeResult(outcome, showing: fact, of: shown, unmet: unmet)
        account.certificateEnd = client?.validity.notAfter
        return Completed(
            result: account, handshake: result.handshake ?? HandshakeRecord(), verifiedPath: recorder.certificates,
            isAcceptedByTLS: isAccepted)
    }

    private func transfer(with client: Credentials.Client?, recordingIn recorder: VerifiedPathRecorder) -> Transfer {
        var transfer = Transfer(
            url: target.transferURL,
            connectTimeoutMilliseconds: endpoint.timeoutMilliseconds,
            timeoutMilliseconds: endpoint.timeoutMilliseconds,
            maximumBodyBytes: endpoint.expectation.bodyLimit,
            serverName: endpoint.tls.serverName,
            connectAddress: address,
            recordsHandshake: true, proxy: endpoint.proxy)
        transfer.use(Credentials(trust: trust, client: client), recordingPathIn: recorder)
        transfer.proxyLogin = proxyLogin
        target.kind.shape(&transfer, for: endpoint, target)
        return transfer
    }
}

extension TransferResult {
    /// Whether the handshake was complete and the server had verified the client's certificate or its absence.
    fileprivate var isAcceptedByTLS: Bool { timings.tlsHandshake > 0 && handshake?.isAccepted == true }
}

extension Credentials.Client {
    /// nil when OpenSSL parsed the certificate and our own decoder could not.
    var facts: ClientFacts? {
        guard let certificate else { return nil }
        // SHA-1 is used for comparison only, and each OpenSSL with TLS 1.2 has it.
        let sha1 = (try? SHA1.digest([identity.certificateDER])) ?? []
        return ClientFacts(certificate: certificate, der: identity.certificateDER, sha1: sha1)
    }
}
