import Certificates
import CurlBinding
import LedgerStorage
import TransportSecurity

/// A message of type `test`, for `notafter test-notify`: sent at once, never through the outbox.
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
    /// - Returns: nil when the receiver took it, else what went wrong, in words.
    /// - Throws: `SecretFileError` and its kin when it cannot be sent for want of a file.
    package func send(to configured: ConfiguredReceiver) async throws -> String? {
        let now = time.now
        let receiver = configured.receiver
        let message = try configured.testMessage(at: now)
        let attempt = Attempt(id: message.id, type: .test, body: try receiver.body(for: message), now: now)
        let sender = HTTPSender(transfers: transfers, credentials: credentials, limit: receiver.longestAttempt, at: now)
        let verdict = try await receiver.send(attempt, through: sender)
        return verdict.outcome == .delivered ? nil : verdict.detail
    }
}
