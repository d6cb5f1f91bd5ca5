import Certificates
import CurlBinding
import Foundation
import Messages
import TransportSecurity

/// A Telegram chat, through a bot (core.telegram.org/bots/api#sendmessage). Messages are plain text, so nothing is
/// escaped.
package struct TelegramReceiver: HTTPReceiver {
    /// UTF-16 units.
    static let limit = 4_096
    static let publicServer = "https://api.telegram.org"

    private let server: String
    private let tokenFile: SecretFile
    private let chat: String
    private let thread: Int?
    package let connection: Connection

    package static let grouping = Grouping.digest
    package static let keys: [SettingKey] =
        [
            .required("token_file", .secretFile), .required("chat_id", .text(limit: 64)),
            .optional("message_thread_id", .number(1...Int(Int32.max))), .optional("url", .webAddress),
        ] + Connection.keys

    package init?(_ settings: ReceiverSettings) {
        guard let tokenFile = settings.secretFile("token_file"), let chat = settings.text("chat_id") else { return nil }
        self.tokenFile = tokenFile
        self.chat = chat
        thread = settings.number("message_thread_id")
        server = settings.text("url") ?? Self.publicServer
        connection = Connection(settings)
    }

    /// Without the chat, which is added when the message is sent, since the chat's id can change.
    private struct Body: Encodable {
        let text: String
        let linkPreviewOptions = ["is_disabled": true]
        let messageThreadID: Int?

        enum CodingKeys: String, CodingKey {
            case text
            case linkPreviewOptions = "link_preview_options"
            case messageThreadID = "message_thread_id"
        }
    }

    private struct Answer: Decodable {
        struct Parameters: Decodable {
            let retryAfter: Int?
            let migrateToChatID: Int64?

            enum CodingKeys: String, CodingKey {
                case retryAfter = "retry_after"
                case migrateToChatID = "migrate_to_chat_id"
            }
        }

        let ok: Bool
        let description: String?
        let parameters: Parameters?
    }

    package func body(for message: Message) throws -> [UInt8] {
        let fields = message.fields.map { "\($0.label): \(markup.escaped($0.value))" }.joined(separator: "\n")
        let text = "\(message.title)\n\n\(message.text)\n\n\(fields)"
        return try MessageJSON.encoded(
            Body(text: markup.fitted(text, Self.limit, in: .utf16), messageThreadID: thread))
    }

    package func requests(for attempt: Attempt) throws -> [HTTPRequest] {
        [try request(for: attempt, chat: chat)]
    }

    private func request(for attempt: Attempt, chat: String) throws -> HTTPRequest {
        let token = try tokenFile.read()
        let path = server + (server.hasSuffix("/") ? "" : "/") + "bot\(token.exposed)/sendMessage"
        let body = try MessageJSON.object(attempt.body, adding: ["chat_id": chat])
        return .json(Secret(path), body, secrets: [token])
    }

    /// A group that became a supergroup has a new id, which Telegram names in its answer. The message is sent there at
    /// once.
    package func send(_ attempt: Attempt, through sender: HTTPSender) async throws -> AttemptResult {
        let result = try await sender.post(try request(for: attempt, chat: chat), over: connection)
        guard result.status == 400, let moved = Self.answer(result)?.parameters?.migrateToChatID else {
            return verdict(of: result)
        }
        let second = try await sender.post(try request(for: attempt, chat: String(moved)), over: connection)
        let attemptResult = verdict(of: second)
        return AttemptResult(
            attemptResult.outcome, attemptResult.next,
            "\(attemptResult.detail) (the chat has moved: set chat_id: \"\(moved)\")", of: second)
    }

    package func verdict(of result: TransferResult) -> AttemptResult {
        let answer = Self.answer(result)
        switch result.status {
        case .some(200...299) where answer?.ok == true:
            return AttemptResult(.delivered, .done, "HTTP \(result.status ?? 200)", of: result)
        case .some(200...299):
            return AttemptResult(
                .unknown, .again(.messageFailed),
                "HTTP \(result.status ?? 200), but not \"ok\"\(AttemptResult.answer(result))", of: result)
        case 404:
            return AttemptResult(.rejected, .park, "HTTP 404: Telegram knows no such bot; check token_file", of: result)
        default:
            var attemptResult = AttemptResult(result)
            if let seconds = answer?.parameters?.retryAfter {
                attemptResult.retryAfterSeconds = max(attemptResult.retryAfterSeconds ?? 0, seconds)
            }
            return attemptResult
        }
    }

    private static func answer(_ result: TransferResult) -> Answer? {
        // An answer that is not JSON comes from a proxy, not from Telegram.
        try? JSONDecoder().decode(Answer.self, from: Data(result.body))
    }
}
