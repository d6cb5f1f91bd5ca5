import Certificates
import CurlBinding
import Foundation
import Messages
import TransportSecurity

/// The Alert API v2 of Opsgenie, and of Jira Service Management where it supports it. Each stage is an alert of its
/// own.
package struct OpsgenieReceiver: HTTPReceiver {
    /// UTF-16 units.
    static let messageLimit = 130
    static let descriptionLimit = 15_000
    static let detailLimit = 500
    static let publicServer = "https://api.opsgenie.com"

    private let server: String
    private let apiKeyFile: SecretFile
    package let connection: Connection

    package static let grouping = Grouping.incident
    package static let keys: [SettingKey] =
        [.required("api_key_file", .secretFile), .optional("url", .webAddress)] + Connection.keys

    package init?(_ settings: ReceiverSettings) {
        guard let apiKeyFile = settings.secretFile("api_key_file") else { return nil }
        self.apiKeyFile = apiKeyFile
        server = settings.text("url") ?? Self.publicServer
        connection = Connection(settings)
    }

    /// The frozen body: the parts of the requests, in their order.
    private struct Requests: Codable {
        let create: Alert?
        /// The aliases to close.
        let close: [String]
        let note: String
    }

    private struct Alert: Codable {
        let message: String
        let alias: String
        let description: String
        let priority: String
        let source: String
        let entity: String
        let details: [String: String]
        let tags: [String]
    }

    package var takesSummaries: Bool { false }

    private static func priority(of severity: Severity) -> String {
        switch severity {
        case .critical: "P1"
        case .warning: "P3"
        case .info: "P5"
        }
    }

    package func body(for message: Message) throws -> [UInt8] {
        let alert = message.incident.ongoing.map { trouble in
            Alert(
                message: markup.fitted(message.title, Self.messageLimit, in: .utf16), alias: trouble.key,
                description: markup.fitted(message.text, Self.descriptionLimit, in: .utf16),
                priority: message.type == .test ? "P5" : Self.priority(of: message.severity),
                source: "notafter",
                entity: message.facts?.registration ?? "notafter",
                details: Dictionary(
                    message.fields.map { ($0.label, LengthUnit.utf16.fitted($0.value, Self.detailLimit)) }
                ) { first, _ in first },
                tags: ["notafter", message.type.rawValue])
        }
        let note = LengthUnit.utf16.fitted(message.text, 1_000)
        return try MessageJSON.encoded(
            Requests(create: alert, close: message.incident.closed.map(\.key), note: note))
    }

    /// The requests can be repeated, because Opsgenie deduplicates by alias.
    package func requests(for attempt: Attempt) throws -> [HTTPRequest] {
        let requests = try JSONDecoder().decode(Requests.self, from: Data(attempt.body))
        let key = try apiKeyFile.read()
        let base = (server.hasSuffix("/") ? String(server.dropLast()) : server) + "/v2/alerts"
        func request(_ path: String, _ body: some Encodable) throws -> HTTPRequest {
            .json(
                Secret(base + path), try MessageJSON.encoded(body),
                headers: [HeaderField("Authorization", "GenieKey \(key.exposed)")], secrets: [key])
        }
        let create = try requests.create.map { [try request("", $0)] } ?? []
        return try create
            + requests.close.map {
                try request("/\($0)/close?identifierType=alias", ["source": "notafter", "note": requests.note])
            }
    }

    /// 202 is the acceptance; Opsgenie processes requests asynchronously.
    package func verdict(of result: TransferResult) -> AttemptResult {
        switch result.status {
        case 202:
            return AttemptResult(.delivered, .done, "HTTP 202", of: result)
        case .some(200...299):
            return AttemptResult(
                .unknown, .again(.messageFailed),
                "HTTP \(result.status ?? 0), where Opsgenie answers 202\(AttemptResult.answer(result))", of: result)
        default:
            return AttemptResult(result)
        }
    }
}
