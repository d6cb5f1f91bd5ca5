import Certificates
import CurlBinding
import Messages
import TransportSecurity

/// Mail over SMTP (RFC 5321).
package struct EmailReceiver: Receiver {
    /// How the connection to the server is encrypted. Raw values are those of the configuration.
    enum Encryption: String, CaseIterable {
        case startTLS = "starttls"
        /// TLS from the first byte (RFC 8314).
        case implicit = "tls"
        /// Without encryption, for a server on this machine.
        case none
    }

    /// A server may take ten minutes after the final dot (RFC 5321 4.5.3.2.6), which is too long for a pass. After this
    /// time the outcome is unknown, and the retry has the same Message-ID.
    private static let timeout = TimeSpan(seconds: 120)

    private let server: String
    private let encryption: Encryption
    private let sender: String
    private let recipients: [String]
    private let user: String?
    private let passwordFile: SecretFile?
    /// The name in EHLO; nil leaves it to libcurl, which sends the machine's name.
    private let hello: String?
    private let tls: TLSFiles

    package static let grouping = Grouping.digest
    package static let mostAtOnce = 4
    package static let keys: [SettingKey] = [
        .required("server", .server), .required("from", .mailAddress), .required("to", .mailAddresses),
        .optional("encryption", .choice(Encryption.allCases.map(\.rawValue))),
        .optional("username", .text(limit: 256)), .optional("password_file", .secretFile),
        .optional("hello", .hostname), .optional("tls_config", .tls),
    ]

    package static func problems(_ settings: ReceiverSettings) -> [SettingProblem] {
        var problems: [SettingProblem] = []
        if settings.has("username") != settings.has("password_file") {
            problems.append(SettingProblem(key: nil, message: "username and password_file go together"))
        }
        let isLocal = settings.text("server").flatMap(ServerAddress.init)?.isLoopback == true
        if settings.text("encryption") == Encryption.none.rawValue, !isLocal {
            problems.append(
                SettingProblem(key: "encryption", message: "none is for a server on this machine; use starttls or tls"))
        }
        return problems
    }

    package init?(_ settings: ReceiverSettings) {
        guard let server = settings.text("server"), let sender = settings.text("from"),
            let recipients = settings.list("to")
        else { return nil }
        self.server = server
        self.sender = sender
        self.recipients = recipients
        let isImplicit = ServerAddress(server)?.port == 465
        encryption = settings.text("encryption").flatMap(Encryption.init) ?? (isImplicit ? .implicit : .startTLS)
        user = settings.text("username")
        passwordFile = settings.secretFile("password_file")
        hello = settings.text("hello")
        tls = settings.tls("tls_config") ?? TLSFiles()
    }

    package var longestAttempt: TimeSpan { Self.timeout }

    package func body(for message: Message) throws -> [UInt8] {
        MailContent(message, from: sender, to: recipients).bytes
    }

    package func send(_ attempt: Attempt, through sender: HTTPSender) async throws -> AttemptResult {
        let password = try passwordFile?.read()
        let login = user.flatMap { user in password.map { Mail.Login(user: user, password: $0.exposed) } }
        let mail = Mail(
            sender: self.sender, recipients: recipients, content: attempt.body,
            startTLS: encryption == .startTLS ? .required : .none, login: login)
        let transfer = Transfer(
            // libcurl sends the URL's path as the name in EHLO (CURLOPT_URL(3)).
            url: (encryption == .implicit ? "smtps://" : "smtp://") + server + (hello.map { "/\($0)" } ?? ""),
            method: .mail(mail),
            timeoutMilliseconds: Int(Self.timeout.seconds) * 1_000, schemes: .smtp)
        let result = try await sender.perform(transfer, tls: tls, hiding: [password].compactMap(\.self))
        return verdict(of: result)
    }

    /// Only the reply to the final dot accepts the mail. libcurl ends without an error only after that reply.
    package func verdict(of result: TransferResult) -> AttemptResult {
        // libcurl sends QUIT after a failure, too; 221 is the reply to it.
        let replies = result.replyLines.filter { !$0.hasPrefix("221") }
        let reply = replies.last ?? ""
        if result.code == .ok {
            let refused = refusedRecipients(replies)
            let clause = refused.isEmpty ? "" : "; not to " + refused.joined(separator: ", ")
            return AttemptResult(.delivered, .done, "SMTP \(reply.prefix(200))\(clause)", of: result)
        }
        switch result.status {
        case .some(400...499):
            // 421: the server closes the connection, independently of the message (RFC 5321 3.8).
            let cause: AttemptResult.RetryCause = result.status == 421 ? .busy : .messageFailed
            return AttemptResult(.rejected, .again(cause), "SMTP \(reply.prefix(200))", of: result)
        case .some(500...599):
            return AttemptResult(.rejected, .park, "SMTP \(reply.prefix(200)): refused", of: result)
        default:
            // The last reply was positive, so the connection failed afterwards.
            var result = result
            result.status = nil
            return AttemptResult(withoutAnswer: result)
        }
    }

    /// The replies to RCPT come in the recipients' order, before the replies to DATA and to the final dot.
    private func refusedRecipients(_ lines: [String]) -> [String] {
        let replies = lines.filter { $0.count < 4 || $0[$0.index($0.startIndex, offsetBy: 3)] != "-" }
        return zip(recipients, replies.dropLast(2).suffix(recipients.count)).compactMap { recipient, reply in
            reply.hasPrefix("2") ? nil : "\(recipient) (\(reply.prefix(100)))"
        }
    }
}

/// `HOST:PORT`, or `[IPV6]:PORT`.
package struct ServerAddress: Hashable, Sendable {
    package let host: String
    package let port: Int

    /// - Returns: nil for any other text.
    package init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let address = try? WebAddress(parsing: "https://\(text)/"),
            let port = Int(text[text.index(after: colon)...]), !text.contains("/"), !text.contains("?")
        else { return nil }
        self.host = address.host
        self.port = port
    }

    package var isLoopback: Bool {
        let bracketed = host.contains(":") ? "[\(host)]" : host
        return (try? WebAddress(parsing: "https://\(bracketed)/"))?.isLoopback == true
    }
}
