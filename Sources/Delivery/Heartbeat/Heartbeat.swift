import Certificates
import CurlBinding
import TransportSecurity

/// A URL that is pinged after each pass, with the conventions of Healthchecks (healthchecks.io/docs/http_api): a POST
/// to the URL after a good pass, a POST to the URL with `/fail` after a bad one. The service behind it raises an alarm
/// when no ping arrives.
package struct Heartbeat: Hashable, Sendable {
    package enum Signal: Hashable, Sendable {
        /// With a short text for the service's log.
        case good(String)
        case failed(String)
    }

    /// For a whole ping, connecting included: the longest delay that it can add to a pass.
    package static let timeout = TimeSpan(seconds: 10)

    /// A secret, because the URL contains the check's key.
    private let address: SecretAddress
    private let connection: Connection

    /// The files of its TLS client.
    package var tls: TLSFiles { connection.tls }

    package static let keys: [SettingKey] =
        [.optional("url", .secretWebAddress), .optional("url_file", .secretWebAddressFile)] + Connection.keys

    package static func problems(_ settings: ReceiverSettings) -> [SettingProblem] {
        switch (settings.has("url"), settings.has("url_file")) {
        case (false, false): [SettingProblem(key: "url", message: "missing (or url_file)")]
        case (true, true): [SettingProblem(key: "url_file", message: "url and url_file exclude each other")]
        case (true, false), (false, true): Connection.problems(settings)
        }
    }

    /// - Returns: nil when there is no URL.
    package init?(_ settings: ReceiverSettings) {
        guard let address = settings.address("url") else { return nil }
        self.address = address
        connection = Connection(settings)
    }

    /// Sends one ping at `now`.
    ///
    /// - Returns: nil when the service accepted the ping, otherwise a description of the failure without the URL.
    package func send(_ signal: Signal, over transfers: any TransferPerforming, at now: Instant) async -> String? {
        let sender = HTTPSender(transfers: transfers, credentials: CredentialStore(), limit: Self.timeout, at: now)
        do {
            let result = AttemptResult(try await sender.post(try request(for: signal), over: connection))
            return result.outcome == .delivered ? nil : result.detail
        } catch {
            return "\(error)"
        }
    }

    private func request(for signal: Signal) throws -> HTTPRequest {
        let url = try address.read().exposed
        let (target, text) =
            switch signal {
            case .good(let text): (url, text)
            case .failed(let text): (Self.failing(url), text)
            }
        return HTTPRequest(
            url: Secret(target), headers: [HeaderField("Content-Type", "text/plain; charset=utf-8")],
            body: Array(text.utf8))
    }

    /// Appends `/fail` to the path, before the query.
    private static func failing(_ url: String) -> String {
        let end = url.firstIndex { $0 == "?" || $0 == "#" } ?? url.endIndex
        let path = url[..<end]
        return (path.hasSuffix("/") ? path.dropLast() : path) + "/fail" + url[end...]
    }
}
