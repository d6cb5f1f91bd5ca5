import Certificates
import CurlBinding

/// The protocol of an endpoint, from its URL's scheme.
package enum ProbeProtocol: String, Hashable, Sendable, CaseIterable {
    case https
    /// WebSocket over TLS (RFC 6455).
    case wss
    /// TLS without an application protocol.
    case tls
    /// STARTTLS (RFC 3207).
    case smtp
    /// STARTTLS (RFC 9051 6.2.1).
    case imap
    /// STLS (RFC 2595 4).
    case pop3
    /// AUTH TLS (RFC 4217).
    case ftp
    /// StartTLS (RFC 4511 4.14).
    case ldap
    case postgresql
    case mysql

    /// Parses a URL's scheme in lower case.
    init?(scheme: String) {
        self.init(rawValue: scheme == "postgres" ? "postgresql" : scheme)
    }

    package var defaultPort: Int {
        switch self {
        case .https, .wss, .tls: 443
        case .smtp: 25
        case .imap: 143
        case .pop3: 110
        case .ftp: 21
        case .ldap: 389
        case .postgresql: 5_432
        case .mysql: 3_306
        }
    }

    /// Whether it can be probed through a proxy's tunnel. Preambles before TLS are not supported there.
    package var takesProxy: Bool { self == .https || self == .wss || self == .tls }

    /// Whether requests, paths and responses apply to it.
    package var isHTTP: Bool { self == .https || self == .wss }

    /// Whether the URL may contain a user.
    package var takesUser: Bool { self == .postgresql || self == .mysql }

    /// The statuses that mean acceptance unless others are configured.
    package var admittedStatuses: StatusSet { self == .wss ? [101] : [200] }

    /// Configures the preamble before TLS and the conversation after it.
    func shape(_ transfer: inout Transfer, for endpoint: Endpoint, _ target: ProbeTarget) {
        transfer.httpVersion = .none
        transfer.extent = .listenAfterHandshake(milliseconds: Probe.patientMilliseconds)
        switch self {
        case .https:
            let agent = [HeaderField("User-Agent", "notafter")]
            let hasAgent = endpoint.request.headers.contains { $0.name.lowercased() == "user-agent" }
            transfer.headers = (hasAgent ? [] : agent) + endpoint.request.headers
            transfer.method = endpoint.request.transferMethod
            transfer.httpVersion = endpoint.expectation.httpVersion == .http1 ? .http1 : .preferHTTP2
            transfer.extent = .exchange
        case .wss:
            transfer.httpVersion = .http1
            transfer.extent = .converse(WebSocketConversation(endpoint, target))
        case .tls: break
        case .smtp: transfer.preamble = LinePreamble.smtp
        case .imap: transfer.preamble = LinePreamble.imap
        case .pop3: transfer.preamble = LinePreamble.pop3
        case .ftp: transfer.preamble = LinePreamble.ftp
        case .ldap: transfer.preamble = LDAPPreamble()
        case .postgresql:
            transfer.preamble = PostgreSQLPreamble()
            transfer.extent = .converse(PostgreSQLLogin(user: target.user ?? "notafter", database: target.database))
        case .mysql:
            transfer.preamble = MySQLPreamble()
            // Without a user there is no login, and only the handshake can be observed.
            if let user = target.user { transfer.extent = .converse(MySQLLogin(user: user)) }
        }
    }

    /// Whether the connection ended as it does when a reset overtakes the server's alert.
    func hidesItsReason(_ result: TransferResult, from classification: ProbeClassification) -> Bool {
        result.code != .ok && classify(result, by: classification).outcome.isSilent
    }

    /// The outcome of a result in this protocol, and the unmet expectations if they are the reason.
    func classify(
        _ result: TransferResult, by classification: ProbeClassification
    ) -> (outcome: ProbeOutcome, unmet: [UnmetExpectation]) {
        switch self {
        case .https: return classification.conclusion(of: result)
        case .wss: return WebSocketAnswer(result).conclusion(by: classification)
        case .postgresql where result.code == .ok:
            return PostgreSQLAnswer(result.body).conclusion(by: classification)
        case .mysql where result.code == .ok && !result.body.isEmpty: return MySQLAnswer(result.body).conclusion
        case .mysql where result.code == .ok && classification.question.isRefusal:
            // MySQL verifies certificates for a user, and no user has logged in yet.
            return (.unmetExpectation, [.userNotNamed])
        case .tls, .smtp, .imap, .pop3, .ftp, .ldap, .postgresql, .mysql:
            return result.code == .ok
                ? classification.conclusion(ofQuietConnection: result) : classification.conclusion(of: result)
        }
    }
}

extension ProbeTarget {
    /// The database for PostgreSQL: the text after the slash, otherwise the name of the user.
    var database: String {
        let name = path.dropFirst().prefix { $0 != "?" }
        return name.isEmpty ? user ?? "notafter" : String(name)
    }
}
