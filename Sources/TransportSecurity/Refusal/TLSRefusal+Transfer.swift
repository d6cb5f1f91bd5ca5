import Certificates
import CurlBinding

extension TLSRefusal {
    /// Finds the refusal of a transfer in its TLS alerts.
    ///
    /// - Parameters:
    ///   - result: the result of a transfer that records its handshake.
    ///   - client: the state of the client certificate.
    /// - Returns: the alert and the refusal that it means. nil when the server sent no alert.
    package static func found(
        in result: TransferResult, showing client: ClientCertificateFact
    ) -> (alert: TLSAlert, refusal: TLSRefusal)? {
        guard let handshake = result.handshake, let number = handshake.alertsReceived.first else { return nil }
        let alert = TLSAlert(number: number)
        let circumstances = Handshake(
            wasAsked: handshake.certificateRequested, sentNothing: client != .none && handshake.certificatesSent == 0)
        return (alert, TLSRefusal(alert, client: client, in: circumstances))
    }
}

extension Transfer {
    /// How long a server may take to verify a certificate after the handshake, unless three round trips take longer.
    private static let verificationMilliseconds = 300

    /// The same connection without a request. A TLS 1.3 server verifies the client certificate after the client has
    /// finished the handshake. If it then closes with an unread request, the kernel sends a reset, which may overtake
    /// the alert.
    package var listening: Transfer {
        var listening = self
        listening.extent = .listenAfterHandshake(milliseconds: Self.verificationMilliseconds)
        return listening
    }
}
