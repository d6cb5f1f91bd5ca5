import Certificates
import CurlBinding
import Delivery
import ExpiryRules
import Foundation
import LedgerStorage
import MessageSamples
import Messages
import TestSupport
import TransportSecurity

/// Receivers of every kind with a fake of their service on loopback, and messages for them.
struct ReceiverLab {
    static let now = NoticeSample.now
    /// A secret that only the service may see.
    static let secret = "canary-secret-7d41c0aa"

    let directory: TemporaryDirectory
    let transfers: TransferLoop

    init() throws {
        directory = try TemporaryDirectory()
        transfers = try TransferLoop()
        try directory.write(Self.secret + "\n", to: "secret")
        try directory.write("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n", to: "signing")
    }

    var secretFile: SettingValue { .file(directory.path(of: "secret")) }

    /// A receiver whose service is at `url`, with `further` settings.
    func receiver(
        _ kind: ReceiverKind, at url: String, language: Language = .english, further: [String: SettingValue] = [:]
    ) throws -> ConfiguredReceiver {
        try directory.write("\(url)/\(Self.secret)\n", to: "url")
        let urlFile = SettingValue.file(directory.path(of: "url"))
        var settings: [String: SettingValue] =
            switch kind {
            case .webhook:
                [
                    "url_file": urlFile, "secret_file": .file(directory.path(of: "signing")),
                    "bearer_token_file": secretFile,
                ]
            case .alertmanager: ["urls": .list([url]), "bearer_token_file": secretFile]
            case .slack, .teams, .discord, .mattermost: ["url_file": urlFile]
            case .telegram: ["token_file": secretFile, "chat_id": .text("-100123"), "url": .text(url)]
            case .ntfy: ["topic_file": secretFile, "url": .text(url)]
            case .pagerduty: ["routing_key_file": secretFile, "url": .text(url)]
            case .opsgenie: ["api_key_file": secretFile, "url": .text(url)]
            case .email:
                ["server": .text("127.0.0.1:9"), "from": .text("n@example.com"), "to": .list(["a@example.com"])]
            case .exec: ["command": .list(["/bin/true"])]
            }
        settings.merge(further) { $1 }
        guard
            let receiver = ConfiguredReceiver(
                name: "lab", kind: kind, settings: ReceiverSettings(settings), language: language)
        else { throw IncompleteSettings() }
        return receiver
    }

    struct IncompleteSettings: Error {}

    /// Sends one message.
    func send(
        _ message: Message, to configured: ConfiguredReceiver, number: Int = 1, mayBeDuplicate: Bool = false
    ) async throws -> AttemptResult {
        let attempt = Attempt(
            id: message.id, type: message.type, body: try configured.receiver.body(for: message), number: number,
            mayBeDuplicate: mayBeDuplicate, now: Self.now)
        let sender = HTTPSender(
            transfers: transfers, credentials: CredentialStore(), limit: configured.receiver.longestAttempt,
            at: Self.now)
        return try await configured.receiver.send(attempt, through: sender)
    }

    /// Every kind of message that it accepts, with plain and with hostile text, and a test message.
    static func messages(to receiver: ConfiguredReceiver) throws -> [Message] {
        let earlier = [EarlierStage(stage: .before(.days(30)), severity: .warning)]
        let kinds = NoticeKind.allCases.filter { $0 != .summary || receiver.receiver.takesSummaries }
        return try kinds.flatMap { kind in
            try ["CN=billing", NoticeSample.hostile].map { subject in
                try receiver.composer.message(
                    NoticeSample.facts(kind, subject: subject, earlier: earlier),
                    registration: NoticeSample.registration)
            }
        } + [try receiver.composer.testMessage(at: now)]
    }
}
