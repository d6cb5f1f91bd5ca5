import Certificates
import CurlBinding
import TransportSecurity

/// The certificates that a server presents in a TLS handshake, even if it fails.
package struct PresentedChain: Sendable {
    /// In DER, the server's own first.
    package let certificates: [[UInt8]]
    /// The reason why the handshake failed, in one sentence. nil when it succeeded. Untrusted, since it may quote the
    /// server.
    package let trouble: String?

    /// How long a server may take to report that it requires a client certificate, unless three round trips take
    /// longer.
    private static let listeningMilliseconds = 300

    /// Makes one handshake without a request.
    ///
    /// - Parameters:
    ///   - url: `https://` with a host, and a port other than 443.
    ///   - credentials: the trust anchors and client certificate. By default the system's anchors and no client
    ///     certificate.
    ///   - serverName: replaces the URL's host in SNI and in the verification.
    ///   - loop: performs the transfer.
    package init(
        of url: String, credentials: Credentials = Credentials(trust: nil, client: nil), serverName: String? = nil,
        loop: TransferLoop
    ) async {
        var handshake = Transfer(
            url: url, extent: .listenAfterHandshake(milliseconds: Self.listeningMilliseconds),
            timeoutMilliseconds: 10_000, serverName: serverName, recordsHandshake: true)
        handshake.use(credentials)
        self.init(seenBy: await loop.perform(handshake))
    }

    /// Reads the chain from a transfer that recorded its handshake.
    package init(seenBy result: TransferResult) {
        let handshake = result.handshake ?? HandshakeRecord()
        certificates = handshake.presentedChain
        trouble = Self.trouble(in: result, handshake)
    }

    private static func trouble(in result: TransferResult, _ handshake: HandshakeRecord) -> String? {
        // Checked before libcurl's code, which under TLS 1.2 is the same whichever side refused the other.
        if let alert = handshake.alertsReceived.first.map(TLSAlert.init(number:)) {
            return handshake.certificateRequested
                ? "the server wants a client certificate and refuses to go on without: \(alert)"
                : "the server refuses to go on: \(alert)"
        }
        // A failure after the handshake is unrelated to the server's chain.
        guard result.code != .ok, result.timings.tlsHandshake == 0 else { return nil }
        let message = result.message.isEmpty ? result.code.explanation : result.message
        return result.code == .peerVerificationFailed ? "not trusted here: \(message)" : message
    }
}
