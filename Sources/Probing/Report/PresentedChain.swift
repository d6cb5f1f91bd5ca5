import CurlBinding
import TransportSecurity

/// The certificates that a server presents in a TLS handshake, also in one that fails.
package struct PresentedChain: Sendable {
    /// In DER, the server's own first.
    package let certificates: [[UInt8]]
    /// Why the handshake ended badly, in one sentence; nil when it did not. Hostile: it may quote the server.
    package let trouble: String?

    /// How long a server may take to say that it wants a client certificate, if three round trips are shorter.
    private static let listeningMilliseconds = 300

    /// Makes one handshake, and sends nothing.
    ///
    /// - Parameters:
    ///   - url: `https://` with a host, and a port where it is not 443.
    ///   - credentials: whom to trust, and what to show; by default the system's anchors, and no client certificate.
    ///   - serverName: replaces the URL's host in SNI and in the verification.
    ///   - loop: what performs it.
    package init(
        of url: String, credentials: Credentials = Credentials(trust: nil, client: nil), serverName: String? = nil,
        loop: TransferLoop
    ) async {
        let handshake = Transfer(
            url: url, extent: .listenAfterHandshake(milliseconds: Self.listeningMilliseconds),
            timeoutMilliseconds: 10_000, trust: credentials.trust == nil ? .system : .configured,
            serverName: serverName,
            configureTLS: { context in
                credentials.trust?.install(into: context)
                return credentials.client?.identity.install(into: context) ?? true
            }, recordsHandshake: true)
        self.init(seenBy: await loop.perform(handshake))
    }

    /// What a transfer saw that recorded its handshake.
    package init(seenBy result: TransferResult) {
        let handshake = result.handshake ?? HandshakeRecord()
        certificates = handshake.presentedChain
        trouble = Self.trouble(in: result, handshake)
    }

    private static func trouble(in result: TransferResult, _ handshake: HandshakeRecord) -> String? {
        // Before libcurl's code, which under TLS 1.2 is the same whichever side refused the other.
        if let alert = handshake.alertsReceived.first.map(TLSAlert.init(number:)) {
            return handshake.certificateRequested
                ? "the server wants a client certificate and refuses to go on without: \(alert)"
                : "the server refuses to go on: \(alert)"
        }
        // What a server does after the handshake says nothing about its chain.
        guard result.code != .ok, result.timings.tlsHandshake == 0 else { return nil }
        let message = result.message.isEmpty ? result.code.explanation : result.message
        return result.code == .peerVerificationFailed ? "not trusted here: \(message)" : message
    }
}
