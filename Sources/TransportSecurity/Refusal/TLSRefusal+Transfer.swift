import CurlBinding

extension TLSRefusal {
    /// Reads how a server refused a transfer in TLS.
    ///
    /// - Parameters:
    ///   - result: of a transfer that records its handshake.
    ///   - client: what was shown.
    /// - Returns: the refusal and the alert that says so; nil where the server sent none.
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
    /// How long a server may take to judge a certificate after the handshake, if three round trips are shorter.
    private static let judgingMilliseconds = 300

    /// The same connection, on which nothing is sent. A TLS 1.3 server judges the client's certificate after the client's
    /// handshake is over, and a request that it never reads turns its close into a reset, which may overtake the alert.
    package var listening: Transfer {
        var listening = self
        listening.extent = .listenAfterHandshake(milliseconds: Self.judgingMilliseconds)
        return listening
    }
}
