import Certificates
import CurlBinding
import Messages
import TransportSecurity

/// A URL that takes JSON by POST, signed according to Standard Webhooks.
package struct WebhookReceiver: HTTPReceiver {
    /// In bytes, so that a whole message stays under the 20 kB of Standard Webhooks.
    private static let textLimit = 4_000
    private static let titleLimit = 500

    private let address: SecretAddress
    private let format: WebhookFormat
    /// A file with one secret a line, the newest first: `whsec_` and base64. nil sends unsigned.
    private let signingSecretFile: String?
    private let credentials: HTTPCredentials
    /// The body as the service defines it, and the body of resolutions; nil sends one of our formats.
    private let bodyTemplate: JSONTemplate?
    private let resolvedBodyTemplate: JSONTemplate?
    /// Sent in `cf-webhook-auth`, as Cloudflare does.
    private let cloudflareSecretFile: SecretFile?
    private let headers: [HeaderField]
    package let connection: Connection

    package static let grouping = Grouping.asConfigured
    package static let mostAtOnce = 8
    package static let keys: [SettingKey] =
        [
            .optional("url", .secretWebAddress), .optional("url_file", .secretWebAddressFile),
            .optional("format", .choice(WebhookFormat.allCases.map(\.rawValue))),
            .optional("body", .json), .optional("resolved_body", .json),
            .optional("secret_file", .signingSecretFile), .optional("cf_webhook_auth_file", .secretFile),
            .optional("headers", .headers),
        ] + HTTPCredentials.keys + Connection.keys

    package static func problems(_ settings: ReceiverSettings) -> [SettingProblem] {
        var problems = Connection.problems(settings) + HTTPCredentials.problems(settings) + bodyProblems(settings)
        switch (settings.has("url"), settings.has("url_file")) {
        case (false, false): problems.append(SettingProblem(key: "url", message: "missing (or url_file)"))
        case (true, true):
            problems.append(SettingProblem(key: "url_file", message: "url and url_file exclude each other"))
        case (true, false), (false, true): break
        }
        if settings.has("batch"), settings.text("format") == WebhookFormat.cloudflare.rawValue {
            problems.append(
                SettingProblem(key: "batch", message: "format: cloudflare has room for one certificate only"))
        }
        if settings.has("cf_webhook_auth_file"), settings.text("format") != WebhookFormat.cloudflare.rawValue {
            problems.append(SettingProblem(key: "cf_webhook_auth_file", message: "belongs to format: cloudflare"))
        }
        return problems
    }

    private static func bodyProblems(_ settings: ReceiverSettings) -> [SettingProblem] {
        guard settings.has("body") else {
            return settings.has("resolved_body")
                ? [SettingProblem(key: "resolved_body", message: "belongs to a body, and there is none")] : []
        }
        return ["format", "batch"].filter(settings.has).map {
            SettingProblem(key: $0, message: "excludes a body of one's own, which carries one notice")
        }
    }

    package init?(_ settings: ReceiverSettings) {
        guard let address = settings.address("url") else { return nil }
        self.address = address
        format = settings.text("format").flatMap(WebhookFormat.init) ?? .native
        signingSecretFile = settings.file("secret_file")
        credentials = HTTPCredentials(settings)
        bodyTemplate = settings.json("body")
        resolvedBodyTemplate = settings.json("resolved_body")
        cloudflareSecretFile = settings.secretFile("cf_webhook_auth_file")
        headers = (settings.mapping("headers") ?? [:]).sorted { $0.key < $1.key }.map { HeaderField($0.key, $0.value) }
        connection = Connection(settings)
    }

    package var takesSummaries: Bool { format.takesSummaries }

    package func body(for message: Message) throws -> [UInt8] {
        var message = message
        message.text = LengthUnit.bytes.fitted(message.text, Self.textLimit)
        message.title = LengthUnit.bytes.fitted(message.title, Self.titleLimit)
        if let bodyTemplate {
            let template = message.isResolution ? resolvedBodyTemplate ?? bodyTemplate : bodyTemplate
            return try MessageJSON.encoded(template.rendered(for: message))
        }
        return try format.body(for: message)
    }

    /// One request with three sets of headers: those of Standard Webhooks 1.0, signed with every secret of the file,
    /// those of the format, and our own.
    package func requests(for attempt: Attempt) throws -> [HTTPRequest] {
        let (formatHeaders, body) = try format.wire(attempt.body)
        var secrets: [Secret] = []
        let number = attempt.mayBeDuplicate ? "\(attempt.number); possible-duplicate=1" : "\(attempt.number)"
        var sent =
            formatHeaders.map { HeaderField($0.name, $0.value) } + [
                HeaderField("webhook-id", attempt.id),
                HeaderField("webhook-timestamp", String(attempt.now.seconds)),
                HeaderField("Idempotency-Key", attempt.id),
                HeaderField("X-Notafter-Attempt", number),
            ]
        if let signingSecretFile {
            let signatures = try SigningSecretFile.read(signingSecretFile).map {
                $0.signature(id: attempt.id, timestamp: attempt.now.seconds, body: body)
            }
            sent.append(HeaderField("webhook-signature", signatures.joined(separator: " ")))
        }
        let (fields, hidden) = try credentials.fields()
        sent += fields
        secrets += hidden
        if let secret = try cloudflareSecretFile?.read() {
            sent.append(HeaderField("cf-webhook-auth", secret.exposed))
            secrets.append(secret)
        }
        return [HTTPRequest(url: try address.read(), headers: sent + headers, body: body, secrets: secrets)]
    }
}
