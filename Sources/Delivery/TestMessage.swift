import Certificates
import CurlBinding
import Foundation

/// A message of type `test`, for `notafter test-notify`: sent at once, never through the outbox.
package struct TestMessage: Sendable {
    private let time: any TimeSource
    private let transfers: TransferLoop

    package init(transfers: TransferLoop, time: any TimeSource) {
        self.transfers = transfers
        self.time = time
    }

    private struct Body: Encodable {
        struct Content: Encodable {
            let schema = 1
            let text: String
        }

        let type = MessageType.test
        let timestamp: Instant
        let data: Content
    }

    /// Sends one message.
    ///
    /// - Returns: nil when the receiver took it, else what went wrong, in words.
    /// - Throws: `SigningSecretError` when it cannot be signed.
    package func send(to receiver: Receiver) async throws -> String? {
        let now = time.now
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let text = "This is a test message of notafter to the receiver \(receiver.name): alerts will arrive here."
        let body = Array(try encoder.encode(Body(timestamp: now, data: .init(text: text))))
        let id = "na_test_\(receiver.name.filter { $0 != "." })_\(now.seconds)"
        let request = try WebhookRequest(
            receiver.webhook, id: id, body: body, attempt: 1, mayBeDuplicate: false, at: now)
        let result = AnswerRedaction(receiver.webhook).redacted(await transfers.perform(request.transfer))
        if let status = result.status {
            return (200...299).contains(status) ? nil : "HTTP \(status)"
        }
        return result.message.isEmpty ? result.code.explanation : result.message
    }
}
