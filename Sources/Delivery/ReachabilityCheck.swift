import Certificates
import CurlBinding
import Synchronization
import TransportSecurity

/// Connects to the server of a receiver as a message would, with its name lookup, proxy, TLS and client certificate, and
/// sends nothing.
package struct ReachabilityCheck: Sendable {
    /// What became of the connection.
    package enum Outcome: Sendable {
        /// The address that the connection went to, where that is known.
        case reached(address: String?)
        /// A clause that says why.
        case failed(String)
        /// There is no server: the receiver is a command.
        case notNeeded
    }

    private static let patience = TimeSpan(seconds: 10)

    private let transfers: TransferLoop
    private let now: Instant

    package init(transfers: TransferLoop, at now: Instant) {
        self.transfers = transfers
        self.now = now
    }

    /// Connects to the server of `configured`.
    package func outcome(for configured: ConfiguredReceiver) async -> Outcome {
        let connector = Connector(transfers: transfers)
        switch configured.kind {
        case .exec: return .notNeeded
        case .email:
            // STARTTLS and logins belong to a message.
            guard let server = configured.settings.text("server") else { return .notNeeded }
            _ = await connector.perform(Transfer(url: "http://\(server)/", schemes: .httpsOrHTTP))
        case .webhook, .alertmanager, .slack, .teams, .discord, .mattermost, .telegram, .ntfy, .pagerduty, .opsgenie:
            do {
                let message = try configured.composer.testMessage(at: now)
                let body = try configured.receiver.body(for: message)
                let attempt = Attempt(id: message.id, type: .test, body: body, now: now)
                let sender = HTTPSender(
                    transfers: connector, credentials: CredentialStore(), limit: Self.patience, at: now)
                _ = try await configured.receiver.send(attempt, through: sender)
            } catch {
                return .failed("\(error)")
            }
        }
        return connector.outcome
    }
}

/// Performs the connection of a transfer, without its request, and keeps the result.
private final class Connector: TransferPerforming {
    private let transfers: TransferLoop
    private let results = Mutex<[TransferResult]>([])

    init(transfers: TransferLoop) {
        self.transfers = transfers
    }

    func perform(_ transfer: Transfer) async -> TransferResult {
        var connection = transfer
        connection.method = .get
        connection.headers = []
        connection.extent = .listenAfterHandshake(milliseconds: 100)
        connection.httpVersion = .http1
        connection.connections = nil
        let result = await transfers.perform(connection)
        results.withLock { $0.append(result) }
        return result
    }

    /// That of the first connection; later ones only look for the reason of its failure.
    var outcome: ReachabilityCheck.Outcome {
        guard let result = results.withLock(\.first) else { return .notNeeded }
        guard result.code == .ok else {
            return .failed(result.message.isEmpty ? result.code.explanation : result.message)
        }
        return .reached(address: result.primaryAddress)
    }
}
