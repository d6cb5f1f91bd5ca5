import Certificates
import CurlBinding
import OpenSSLBinding
import TransportSecurity

/// A probe with one certificate or none: a request, and where its end hides the reason, a second connection that only
/// listens.
struct Probe: Sendable {
    /// A probe that was made, with what was seen of the connection.
    struct Completed: Sendable {
        var result: ProbeResult
        let handshake: HandshakeRecord
        /// DER of the path by which the server was verified; empty where it was not.
        let verifiedPath: [[UInt8]]
        /// Whether TLS has let the client in, whatever came after the handshake.
        let isAcceptedByTLS: Bool
    }

    /// How long a silence is taken for admission, where there is no answer to wait for: a busy server needs its time.
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
        let request = transfer(with: client?.identity, recordingIn: recorder)
        var result = await loop.perform(request)
        var isAccepted = result.isAcceptedByTLS
        if target.kind.hidesItsReason(result, from: classification) {
            let heard = await loop.perform(request.listening)
            isAccepted = isAccepted || heard.isAcceptedByTLS
            if heard.handshake?.alertsReceived.isEmpty == false {
                result = heard
            }
        }
        let (outcome, unmet) = target.kind.judge(result, by: classification)
        let shown = target.kind == .wss ? WebSocketAnswer(result).shown : result
        var account = ProbeResult(outcome, showing: fact, of: shown, unmet: unmet)
        account.certificateEnd = client?.validity.notAfter
        return Completed(
            result: account, handshake: result.handshake ?? HandshakeRecord(), verifiedPath: recorder.certificates,
            isAcceptedByTLS: isAccepted)
    }

    private func transfer(with identity: ClientIdentity?, recordingIn recorder: VerifiedPathRecorder) -> Transfer {
        let trust = trust
        var transfer = Transfer(
            url: target.transferURL,
            connectTimeoutMilliseconds: endpoint.timeoutMilliseconds,
            timeoutMilliseconds: endpoint.timeoutMilliseconds,
            maximumBodyBytes: endpoint.expectation.bodyLimit,
            trust: trust == nil ? .system : .configured,
            serverName: endpoint.tls.serverName,
            connectAddress: address,
            configureTLS: { context in
                trust?.install(into: context)
                recorder.install(into: context)
                return identity?.install(into: context) ?? true
            },
            recordsHandshake: true, proxy: endpoint.proxy)
        transfer.proxyLogin = proxyLogin
        target.kind.shape(&transfer, for: endpoint, target)
        return transfer
    }
}

extension TransferResult {
    /// Whether the handshake was over, and the server had verified the client's certificate or its absence by then.
    fileprivate var isAcceptedByTLS: Bool { timings.tlsHandshake > 0 && handshake?.isAccepted == true }
}

extension Credentials.Client {
    /// nil where the certificate's model is missing, which OpenSSL has read and we have not.
    var facts: ClientFacts? {
        guard let certificate else { return nil }
        // SHA-1 is wanted for comparison alone, and is there in every OpenSSL that speaks TLS 1.2.
        let sha1 = (try? SHA1.digest([identity.certificateDER])) ?? []
        return ClientFacts(certificate: certificate, der: identity.certificateDER, sha1: sha1)
    }
}
