/// One exchange over a connection of its own: what to ask, and the bounds within which the answer is taken.
///
/// The connection is always fresh, never resumed and never redirected, and goes through no proxy but the one named here,
/// whatever the environment says: only then does the server look at the client certificate of this transfer (a resumed
/// session carries none).
package struct Transfer: Sendable {
    /// What is asked.
    package enum Method: Sendable {
        case get
        case post(body: [UInt8])
        /// By a name in capitals (RFC 9110 9), with a body or without.
        case named(String, body: [UInt8]?)
        case mail(Mail)
    }

    /// Which schemes the URL may have.
    package enum Schemes: String, Sendable {
        case https
        case httpsOrHTTP = "https,http"
        /// Mail: TLS from the first byte, or by STARTTLS.
        case smtp = "smtp,smtps"
    }

    /// What is offered by ALPN.
    package enum HTTPVersion: Sendable {
        case http1
        case preferHTTP2
        /// Nothing: what is spoken is not HTTP.
        case none
    }

    /// Whom to believe about the server.
    package enum Trust: Sendable {
        /// The system's trust anchors.
        case system
        /// A PEM file, parsed anew for this transfer.
        case file(String)
        /// None but those that `configureTLS` puts into the context.
        case configured
    }

    /// How far the exchange goes.
    package enum Extent: Sendable {
        /// Request and answer.
        case exchange
        /// The TLS handshake alone; then nothing is sent, and for at least this long the server is listened to. A
        /// TLS 1.3 server judges the client certificate after the client's handshake is over, and a request that it
        /// never reads turns its close into a reset, which may overtake the alert that says why.
        case listenAfterHandshake(milliseconds: Int)
        /// The handshake, and then this instead of a request; what the server said is the result's body.
        case converse(any Conversation)
    }

    package var url: String
    package var method: Method
    package var headers: [HeaderField]
    package var extent: Extent
    /// What is said on the connection before TLS begins, as STARTTLS has it. The URL is `https://` all the same and names
    /// its port.
    package var preamble: (any Conversation)?
    package var connectTimeoutMilliseconds: Int
    /// For all of it, name lookup to last byte.
    package var timeoutMilliseconds: Int
    /// After so many bytes of body the exchange ends, and the result says `bodyWasTruncated`.
    package var maximumBodyBytes: Int
    package var schemes: Schemes
    package var httpVersion: HTTPVersion
    package var trust: Trust
    /// Replaces the URL's host in SNI and in the verification of the server's certificate. The connection still goes to
    /// the URL's host, and the request still names it.
    package var serverName: String?
    /// A numeric address that the connection goes to, in place of what the URL's host resolves to.
    package var connectAddress: String?
    /// Sets up the connection's `SSL_CTX` (trust store, client certificate and key) before the handshake, on the loop's
    /// thread; false ends the transfer with `localCertificateProblem`. The pointer is not valid after the call.
    package var configureTLS: (@Sendable (_ context: OpaquePointer) -> Bool)?
    /// Whether `TransferResult.handshake` is filled.
    package var recordsHandshake: Bool
    /// `http://HOST:PORT` or `https://…`; nil connects directly.
    package var proxy: String?
    /// nil says nothing of us to the proxy.
    package var proxyLogin: ProxyLogin?
    /// Asked, on the loop's thread, for each address (4 or 16 bytes, in network order) before a connection to it is
    /// opened: after the name was resolved, so that no spelling of a name or number gets around it. nil admits all.
    package var admits: (@Sendable (_ address: [UInt8]) -> Bool)?

    package init(
        url: String, method: Method = .get, headers: [HeaderField] = [], extent: Extent = .exchange,
        preamble: (any Conversation)? = nil,
        connectTimeoutMilliseconds: Int = 10_000, timeoutMilliseconds: Int = 30_000, maximumBodyBytes: Int = 65_536,
        schemes: Schemes = .https, httpVersion: HTTPVersion = .http1, trust: Trust = .system,
        serverName: String? = nil, connectAddress: String? = nil,
        configureTLS: (@Sendable (_ context: OpaquePointer) -> Bool)? = nil, recordsHandshake: Bool = false,
        proxy: String? = nil, admits: (@Sendable (_ address: [UInt8]) -> Bool)? = nil
    ) {
        self.url = url
        self.method = method
        self.headers = headers
        self.extent = extent
        self.preamble = preamble
        self.connectTimeoutMilliseconds = connectTimeoutMilliseconds
        self.timeoutMilliseconds = timeoutMilliseconds
        self.maximumBodyBytes = maximumBodyBytes
        self.schemes = schemes
        self.httpVersion = httpVersion
        self.trust = trust
        self.serverName = serverName
        self.connectAddress = connectAddress
        self.configureTLS = configureTLS
        self.recordsHandshake = recordsHandshake
        self.proxy = proxy
        self.admits = admits
    }
}
