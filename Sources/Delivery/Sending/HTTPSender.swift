import Certificates
import CurlBinding
import TransportSecurity

/// A request to a receiver over HTTP. It is always a POST.
package struct HTTPRequest: Sendable {
    package let url: Secret
    package let headers: [HeaderField]
    package let body: [UInt8]
    /// Secrets besides the URL's path and query. They are redacted in the answer.
    package let secrets: [Secret]

    package init(url: Secret, headers: [HeaderField], body: [UInt8], secrets: [Secret] = []) {
        self.url = url
        self.headers = headers
        self.body = body
        self.secrets = secrets
    }

    /// A POST of JSON.
    static func json(_ url: Secret, _ body: [UInt8], headers: [HeaderField] = [], secrets: [Secret] = []) -> HTTPRequest
    {
        HTTPRequest(
            url: url, headers: [HeaderField("Content-Type", "application/json")] + headers, body: body,
            secrets: secrets)
    }
}

/// Sends the requests of one attempt within one common time limit, and redacts secrets in the answers.
package struct HTTPSender: Sendable {
    /// For one attempt over HTTP, connecting included.
    static let timeoutMilliseconds = 30_000

    private let transfers: any TransferPerforming
    private let connections: KeptConnections?
    private let credentials: CredentialStore
    private let deadline: ContinuousClock.Instant
    /// The time at which our own certificate is checked when the server refuses it.
    private let now: Instant

    /// Begins an attempt at `now` that may take `limit`. It shares `connections` with other attempts to the same receiver.
    package init(
        transfers: any TransferPerforming, connections: KeptConnections? = nil, credentials: CredentialStore,
        limit: TimeSpan, at now: Instant
    ) {
        self.transfers = transfers
        self.connections = connections
        self.now = now
        self.credentials = credentials
        self.deadline = .now + .seconds(limit.seconds)
    }

    /// Sends one request.
    ///
    /// - Returns: the answer, without the URL's secret parts and the request's secrets.
    /// - Throws: `CredentialError` when a file of `tls_config` cannot be used, `SecretFileError` when the file of the
    ///   proxy's password cannot be used.
    package func post(_ request: HTTPRequest, over connection: Connection) async throws -> TransferResult {
        let url = request.url.exposed
        let isLocal = (try? WebAddress(parsing: url))?.isLoopback == true
        let password = try connection.proxyLogin?.passwordFile.read()
        var transfer = Transfer(
            url: url, method: .post(body: request.body),
            headers: request.headers + [HeaderField("User-Agent", "notafter")],
            timeoutMilliseconds: remainingMilliseconds,
            schemes: isLocal || connection.plaintext == .anywhere ? .httpsOrHTTP : .https, proxy: connection.proxy)
        if let login = connection.proxyLogin, let password {
            transfer.proxyLogin = ProxyLogin(user: login.username, password: password.exposed)
        }
        if connection.proxy == nil {
            let egress = connection.egress
            transfer.admits = { egress.admits($0) }
        }
        transfer.connections = connections
        return try await perform(transfer, tls: connection.tls, hiding: request.secrets + [password].compactMap(\.self))
    }

    /// Performs a transfer with the credentials of `tls`.
    func perform(_ transfer: Transfer, tls: TLSFiles, hiding secrets: [Secret]) async throws -> TransferResult {
        var transfer = transfer
        transfer.timeoutMilliseconds = min(transfer.timeoutMilliseconds, remainingMilliseconds)
        transfer.serverName = tls.serverName
        transfer.recordsHandshake = true
        var client: Credentials.Client?
        if tls != TLSFiles() {
            let credentials = try await credentials.credentials(for: tls)
            client = credentials.client
            transfer.use(credentials)
        }
        let diagnosis = RefusalDiagnosis(transfers: transfers, client: client, certFile: tls.certFile, now: now)
        let result = await diagnosis.explained(
            await transfers.perform(transfer), of: transfer, within: remainingMilliseconds)
        return AnswerRedaction(url: transfer.url, secrets: secrets).redacted(result)
    }

    /// The remaining time, at least a millisecond, because libcurl takes 0 for no limit.
    var remainingMilliseconds: Int {
        max(1, Int((deadline - .now) / .milliseconds(1)))
    }
}
