import Certificates
import CurlBinding
import Messages
import TransportSecurity

/// A topic of ntfy (docs.ntfy.sh/publish), published as JSON.
package struct NtfyReceiver: HTTPReceiver {
    /// Bytes. ntfy turns a longer message into an attachment and refuses a longer title.
    static let titleLimit = 1_000
    static let textLimit = 4_096
    static let publicServer = "https://ntfy.sh"

    private let server: String
    private let topicFile: SecretFile
    private let tokenFile: SecretFile?
    package let connection: Connection

    /// The topic is a secret, since it is all that is needed to read the messages.
    package static let grouping = Grouping.digest
    package static let keys: [SettingKey] =
        [
            .required("topic_file", .secretFile), .optional("url", .webAddress),
            .optional("token_file", .secretFile),
        ] + Connection.keys

    package init?(_ settings: ReceiverSettings) {
        guard let topicFile = settings.secretFile("topic_file") else { return nil }
        self.topicFile = topicFile
        server = settings.text("url") ?? Self.publicServer
        tokenFile = settings.secretFile("token_file")
        connection = Connection(settings)
    }

    /// Without the topic: it is a secret and is added only when the message is sent.
    private struct Body: Encodable {
        let title: String
        let message: String
        let priority: Int
        let tags: [String]
    }

    package func body(for message: Message) throws -> [UInt8] {
        let (priority, tag) =
            switch (message.isResolution, message.severity) {
            case (true, _): (2, "white_check_mark")
            case (false, .critical): (5, "rotating_light")
            case (false, .warning): (4, "warning")
            case (false, .info): (3, "information_source")
            }
        return try MessageJSON.encoded(
            Body(
                title: markup.fitted(message.title, Self.titleLimit, in: .bytes),
                message: markup.fitted(message.text, Self.textLimit, in: .bytes), priority: priority, tags: [tag]))
    }

    package func requests(for attempt: Attempt) throws -> [HTTPRequest] {
        let topic = try topicFile.read()
        let token = try tokenFile?.read()
        let body = try MessageJSON.object(attempt.body, adding: ["topic": topic.exposed])
        let authorization = token.map { [HeaderField("Authorization", "Bearer \($0.exposed)")] } ?? []
        return [.json(Secret(server), body, headers: authorization, secrets: [topic, token].compactMap(\.self))]
    }
}
