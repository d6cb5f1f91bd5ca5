import Certificates
import CurlBinding
import TransportSecurity

/// A URL that hears after each pass how it went, with the conventions of Healthchecks (healthchecks.io/docs/http_api): a
/// good pass is a POST to it, a bad one a POST to it with `/fail`. Whoever keeps it raises the alarm when nothing comes.
package struct Heartbeat: Hashable, Sendable {
    package enum Signal: Hashable, Sendable {
        /// With a few words for whoever looks at the service's log.
        case good(String)
        case failed(String)
    }

    /// All of a ping, connecting included: a pass is held up no longer.
    package static let timeout = TimeSpan(seconds: 10)

    /// The URL holds the check's key.
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
    /// - Returns: nil when it was taken, else what went wrong, in words and without the URL.
    package func send(_ signal: Signal, over transfers: any TransferPerforming, at now: Instant) async -> String? {
        let sender = HTTPSender(transfers: transfers, credentials: CredentialStore(), limit: Self.timeout, at: now)
        do {
            let verdict = AttemptResult(try await sender.post(try request(for: signal), over: connection))
            return verdict.outcome == .delivered ? nil : verdict.detail
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

    /// `/fail` belongs to the path; the query stays behind it.
    private static func failing(_ url: String) -> String {
        let end = url.firstIndex { $0 == "?" || $0 == "#" } ?? url.endIndex
        let path = url[..<end]
        return (path.hasSuffix("/") ? path.dropLast() : path) + "/fail" + url[end...]
    }
}
