/// One request, with limits for its response.
///
/// The connection is new unless `connections` is set, its session is never resumed, redirects are not followed, and
/// proxies of the environment are ignored. Only then does the server see the client certificate of this transfer (a
/// resumed session has none).
package struct Transfer: Sendable {
    /// The request.
    package enum Method: Sendable {
        case get
        case post(body: [UInt8])
        /// A method in capitals (RFC 9110 9), with or without a body.
        case named(String, body: [UInt8]?)
        case mail(Mail)
    }

    /// The accepted schemes of the URL.
    package enum Schemes: String, Sendable {
        case https
        case httpsOrHTTP = "https,http"
        /// Mail, with TLS from the start or by STARTTLS.
        case smtp = "smtp,smtps"
    }

    /// The protocols that ALPN offers.
    package enum HTTPVersion: Sendable {
        case http1
        case preferHTTP2
        /// No ALPN, for protocols other than HTTP.
        case none
    }

    /// The trust anchors for the server's certificate.
    package enum Trust: Sendable {
        /// The system's trust anchors.
        case system
        /// A PEM file, parsed for each transfer.
        case file(String)
        /// Only the anchors that `configureContext` adds to the context.
        case configured
    }

    /// The end of the exchange.
    package enum Extent: Sendable {
        /// Request and response.
        case exchange
        /// The TLS handshake only. Then the client sends nothing and listens for at least this long. A TLS 1.3 server
        /// verifies the client certificate after the client has finished the handshake. If it then closes with an
        /// unread request, the kernel sends a reset, which may overtake the alert with the reason.
        case listenAfterHandshake(milliseconds: Int)
        /// The handshake, followed by this conversation in place of a request. The result's body is what the server
        /// sent.
        case converse(any Conversation)
    }

    package var url: String
    package var method: Method
    package var headers: [HeaderField]
    package var extent: Extent
    /// The conversation before TLS, as for STARTTLS. The URL still begins with `https://`, and its port is used.
    package var preamble: (any Conversation)?
    package var connectTimeoutMilliseconds: Int
    /// The limit for the whole transfer, from the name lookup to the last byte.
    package var timeoutMilliseconds: Int
    /// The limit for the body. A longer body ends the exchange and sets `bodyWasTruncated`.
    package var maximumBodyBytes: Int
    package var schemes: Schemes
    package var httpVersion: HTTPVersion
    package var trust: Trust
    /// Replaces the URL's host in SNI and in the verification of the server's certificate. The connection still goes to
    /// the URL's host, and the request still names it.
    package var serverName: String?
    /// A numeric address to connect to, in place of the addresses of the URL's host.
    package var connectAddress: String?
    /// The path of a Unix socket that the connection goes to, in place of the URL's host.
    package var unixSocket: String?
    /// Configures the connection's `SSL_CTX` before the handshake, on the thread of the loop. false ends the transfer
    /// with `localCertificateProblem`. The pointer is not valid after the call. Only `Transfer.use(_:)` of
    /// TransportSecurity sets it, since it hands a pointer from one binding to the other.
    package var configureContext: (@Sendable (_ context: OpaquePointer) -> Bool)?
    /// Whether `TransferResult.handshake` is recorded.
    package var recordsHandshake: Bool
    /// `http://HOST:PORT` or `https://…`. nil connects directly.
    package var proxy: String?
    /// nil when the proxy needs no authentication.
    package var proxyLogin: ProxyLogin?
    /// Connections that this transfer shares with others. Only a POST with a body uses them, since libcurl repeats other
    /// requests by itself when a connection closes before the response.
    package var connections: KeptConnections?
    /// Called on the thread of the loop for each address (4 or 16 bytes in network byte order) before a connection to
    /// it is opened. It is called after the name lookup, so no spelling of a name or address can bypass it. nil allows
    /// all addresses.
    package var admits: (@Sendable (_ address: [UInt8]) -> Bool)?

    package init(
        url: String, method: Method = .get, headers: [HeaderField] = [], extent: Extent = .exchange,
        preamble: (any Conversation)? = nil,
        connectTimeoutMilliseconds: Int = 10_000, timeoutMilliseconds: Int = 30_000, maximumBodyBytes: Int = 65_536,
        schemes: Schemes = .https, httpVersion: HTTPVersion = .http1, trust: Trust = .system,
        serverName: String? = nil, connectAddress: String? = nil,
        recordsHandshake: Bool = false,
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
        self.recordsHandshake = recordsHandshake
        self.proxy = proxy
        self.admits = admits
    }
}

extension Transfer {
    /// The connections that the transfer may share; nil if it opens one of its own.
    var sharedConnections: KeptConnections? {
        guard case .post(let body) = method, !body.isEmpty, case .exchange = extent, preamble == nil else { return nil }
        return connections
    }
}
