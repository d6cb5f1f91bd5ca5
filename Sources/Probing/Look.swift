import Certificates
import CurlBinding
import OpenSSLBinding
import TransportSecurity

/// A probe with one certificate or none: a request, and where its end hides the reason, a second connection that only
/// listens.
struct Look: Sendable {
    struct Sight: Sendable {
        let result: ProbeResult
        let handshake: HandshakeRecord
    }

    /// How long a server may take to judge a certificate after the handshake, if three round trips are shorter.
    static let listeningMilliseconds = 300
    /// The same where there is no answer to wait for, and silence is taken for admission: a busy server needs its time.
    static let patientMilliseconds = 2_000

    let endpoint: Endpoint
    let target: ProbeTarget
    let trust: TrustStore?
    let address: String?
    let question: ProbeQuestion
    let loop: TransferLoop

    func take(with client: Credentials.Client?, at now: Instant) async -> Sight {
        let fact = ClientCertificateFact(client?.validity, at: now)
        let classification = ProbeClassification(
            clientCertificate: fact, question: question, refusalMarks: endpoint.refusalMarks, facts: client?.facts)
        let request = transfer(with: client?.identity)
        var result = await loop.perform(request)
        if target.kind.hidesItsReason(result, from: classification) {
            var listening = request
            listening.extent = .listenAfterHandshake(milliseconds: Self.listeningMilliseconds)
            let heard = await loop.perform(listening)
            if heard.handshake?.alertsReceived.isEmpty == false {
                result = heard
            }
        }
        let (outcome, unmet) = target.kind.judge(result, by: classification)
        let shown = target.kind == .wss ? WebSocketAnswer(result).shown : result
        return Sight(
            result: ProbeResult(outcome, showing: fact, of: shown, unmet: unmet),
            handshake: result.handshake ?? HandshakeRecord())
    }

    private func transfer(with identity: ClientIdentity?) -> Transfer {
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
                return identity?.install(into: context) ?? true
            },
            recordsHandshake: true)
        target.kind.shape(&transfer, for: endpoint, target)
        return transfer
    }
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
