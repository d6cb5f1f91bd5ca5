import Certificates
import CurlBinding
import LedgerStorage
import TransportSecurity

/// Sends a message of type `test`, for `notafter test-notify`: at once and not through the outbox.
package struct TestMessage: Sendable {
    private let time: any TimeSource
    private let transfers: TransferLoop
    private let credentials = CredentialStore()

    package init(transfers: TransferLoop, time: any TimeSource) {
        self.transfers = transfers
        self.time = time
    }

    /// Sends one message.
    ///
    /// - Returns: nil when the receiver accepted the message, otherwise a description of the failure.
    /// - Throws: `SecretFileError` or a similar error when a required file cannot be used.
    package func send(to configured: ConfiguredReceiver) async throws -> String? {
        let now = time.now
        let receiver = configured.receiver
        let message = try configured.composer.testMessage(at: now)
        let attempt = Attempt(id: message.id, type: .test, body: try receiver.body(for: message), now: now)
        let sender = HTTPSender(transfers: transfers, credentials: credentials, limit: receiver.longestAttempt, at: now)
        let result = try await receiver.send(attempt, through: sender)
        return result.outcome == .delivered ? nil : result.detail
    }
}
