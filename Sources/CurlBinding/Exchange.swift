import CCurl
import Glibc

/// One transfer in progress, with its handle and the data received so far.
///
/// Confined to the thread of its `TransferDriver`, which keeps it alive while libcurl uses the handle: libcurl's
/// callbacks reach it through an unretained pointer.
final class Exchange {
    /// The phases of a transfer. A transfer with a preamble consists of two exchanges on one connection.
    enum Phase {
        /// The conversation before TLS.
        case preamble
        /// The whole transfer, or the part after the preamble.
        case main(PlainConnection?)
    }

    let transfer: Transfer
    private(set) var handle: EasyHandle
    fileprivate var answer: AnswerBuffer
    /// Written by OpenSSL's callback while libcurl performs the handshake.
    var handshake: HandshakeRecord
    fileprivate let connection: PlainConnection?
    let isPreamble: Bool
    private let startedAt: ContinuousClock.Instant
    private var complaint: String?
    fileprivate var upload = Upload([])
    /// The addresses that `Transfer.admits` rejected.
    fileprivate var refusedAddresses: [[UInt8]] = []

    /// Prepares a transfer. `share` has the connections of one with `sharedConnections`, and outlives the exchange.
    ///
    /// - Throws: `OptionError` when libcurl refuses an option, such as the URL.
    init(_ transfer: Transfer, phase: Phase = .main(nil), share: ConnectionShare?) throws(OptionError) {
        self.transfer = transfer
        self.handle = try EasyHandle()
        let isMail = if case .mail = transfer.method { true } else { false }
        self.answer = AnswerBuffer(maximumBodyBytes: transfer.maximumBodyBytes, isMail: isMail)
        self.handshake = HandshakeRecord()
        switch phase {
        case .preamble: (isPreamble, connection) = (true, nil)
        case .main(let connection): (isPreamble, self.connection) = (false, connection)
        }
        startedAt = connection?.startedAt ?? .now
        try setConnection(share)
        try setRequest()
        try setTLS()
        try setCallbacks()
    }

    /// Sets options that keep the environment, other transfers and the server from influencing this transfer.
    private func setConnection(_ share: ConnectionShare?) throws(OptionError) {
        // Signals belong to the process. libcurl's resolver has its own threads and needs no SIGALRM.
        try handle.set(CURLOPT_NOSIGNAL, 1)
        try handle.set(CURLOPT_PROTOCOLS_STR, isPreamble ? "http" : transfer.schemes.rawValue)
        try handle.set(CURLOPT_FOLLOWLOCATION, 0)
        // The empty text disables http_proxy and similar variables, which cron may have set.
        try handle.set(CURLOPT_PROXY, transfer.proxy ?? "")
        // Use a tunnel for http:// as well: without it the proxy could read and change the request.
        try handle.set(CURLOPT_HTTPPROXYTUNNEL, transfer.proxy == nil ? 0 : 1)
        if let login = transfer.proxyLogin { try handle.set(proxyLogin: login) }
        if let socket = transfer.unixSocket { try handle.set(CURLOPT_UNIX_SOCKET_PATH, socket) }
        try handle.set(CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue))
        try handle.set(CURLOPT_CONNECTTIMEOUT_MS, transfer.connectTimeoutMilliseconds)
        try handle.set(CURLOPT_TIMEOUT_MS, remainingMilliseconds)
        if connection != nil {
            let context = UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque())
            try handle.set(socketCallback: giveSocket)
            try handle.set(CURLOPT_OPENSOCKETDATA, pointer: context)
            try handle.set(socketOptionCallback: sayConnected)
        }
        switch transfer.extent {
        case .exchange where share != nil:
            try share?.install(into: handle)
        case .exchange where !isPreamble:
            try handle.set(CURLOPT_FRESH_CONNECT, 1)
            try handle.set(CURLOPT_FORBID_REUSE, 1)
        case .exchange, .listenAfterHandshake, .converse:
            // FORBID_REUSE would close the connection before we listen. It closes when the handle leaves the loop.
            try handle.set(CURLOPT_FRESH_CONNECT, 1)
            try handle.set(CURLOPT_CONNECT_ONLY, 1)
        }
    }

    private func setRequest() throws(OptionError) {
        var headers = transfer.headers
        let written = isPreamble ? "http" + transfer.url.dropFirst("https".count) : transfer.url
        let target = ConnectTarget(
            written, serverName: transfer.serverName, address: connection?.address ?? transfer.connectAddress)
        guard let target else { throw OptionError(code: .malformedURL) }
        try handle.set(CURLOPT_URL, target.url)
        if let connectTo = target.connectTo {
            try handle.set(CURLOPT_CONNECT_TO, list: [connectTo])
        }
        if let host = target.hostHeader, !headers.contains(where: { $0.name.lowercased() == "host" }) {
            headers.append(HeaderField("Host", host))
        }
        guard headers.allSatisfy({ !$0.name.contains(where: \.isNewline) && !$0.value.contains(where: \.isNewline) })
        else { throw OptionError(code: .badArgument) }
        // Without an empty "Expect:" libcurl waits for a "100 Continue", which many receivers never send. A header
        // without a value is written with a semicolon (CURLOPT_HTTPHEADER(3)).
        let lines = headers.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
        try handle.set(CURLOPT_HTTPHEADER, list: lines + ["Expect:"])
        switch transfer.method {
        case .get: break
        case .post(let body) where transfer.sharedConnections != nil:
            upload = Upload(body)
            try handle.set(streamedBodyOf: body.count)
        case .post(let body): try handle.set(body: body)
        case .named("HEAD", _): try handle.set(CURLOPT_NOBODY, 1)
        case .named(let name, let body):
            if let body { try handle.set(body: body) }
            try handle.set(CURLOPT_CUSTOMREQUEST, name)
        case .mail(let mail):
            upload = Upload(mail.content)
            try handle.set(mail: mail)
        }
        try setHTTPVersion()
    }

    private func setHTTPVersion() throws(OptionError) {
        // curl_easy_recv crashes on a connection that negotiated HTTP/2 (libcurl 7.88.1), so these transfers offer
        // HTTP/1.1 only.
        switch (transfer.httpVersion, transfer.extent) {
        case (.preferHTTP2, .exchange):
            try handle.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
        case (.http1, _), (.preferHTTP2, _):
            try handle.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        case (.none, _):
            try handle.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
            try handle.set(CURLOPT_SSL_ENABLE_ALPN, 0)
        }
    }

    private func setTLS() throws(OptionError) {
        try handle.set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        try handle.set(CURLOPT_SSL_VERIFYPEER, 1)
        try handle.set(CURLOPT_SSL_VERIFYHOST, 2)
        // A resumed session has no Certificate messages: the server would see the client certificate of an earlier
        // transfer.
        try handle.set(CURLOPT_SSL_SESSIONID_CACHE, 0)
        // Debian's default CA directory would add to the file, and disables libcurl's cache of the parsed file.
        try handle.setNull(CURLOPT_CAPATH)
        switch transfer.trust {
        case .system:
            // Long enough to save each transfer of a burst 16 ms, short enough to notice an update of the system's
            // anchors.
            try handle.set(CURLOPT_CA_CACHE_TIMEOUT, 300)
        case .file(let path):
            try handle.set(CURLOPT_CAINFO, path)
            try handle.set(CURLOPT_CA_CACHE_TIMEOUT, 0)
        case .configured:
            try handle.setNull(CURLOPT_CAINFO)
            // libcurl 7.88 looks into its cache after `configureContext`, and would replace this store by that of an
            // earlier transfer, which it cached under no file name.
            try handle.set(CURLOPT_CA_CACHE_TIMEOUT, 0)
        }
    }

    private func setCallbacks() throws(OptionError) {
        let context = UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque())
        try handle.set(CURLOPT_WRITEFUNCTION, callback: receiveBody)
        try handle.set(CURLOPT_WRITEDATA, pointer: context)
        try handle.set(CURLOPT_HEADERFUNCTION, callback: receiveHeader)
        try handle.set(CURLOPT_HEADERDATA, pointer: context)
        if isUpload {
            try handle.set(readCallback: sendContent)
            try handle.set(CURLOPT_READDATA, pointer: context)
        }
        if transfer.admits != nil, connection == nil {
            try handle.set(socketCallback: openSocket)
            try handle.set(CURLOPT_OPENSOCKETDATA, pointer: context)
        }
        if transfer.configureContext != nil || transfer.recordsHandshake {
            try handle.set(tlsCallback: configureContext)
            try handle.set(CURLOPT_SSL_CTX_DATA, pointer: context)
        }
    }

    /// The remaining time of the transfer, at least 1.
    var remainingMilliseconds: Int {
        max(transfer.timeoutMilliseconds - Int((ContinuousClock.now - startedAt) / .milliseconds(1)), 1)
    }

    /// Whether `upload` provides the request's content.
    private var isUpload: Bool {
        if case .mail = transfer.method { return true }
        return transfer.sharedConnections != nil
    }

    /// Whether libcurl only establishes the connection.
    var isLeftToUs: Bool {
        if case .exchange = transfer.extent { return isPreamble }
        return true
    }

    /// The connection that the preamble hands over to TLS.
    func plainConnection() -> PlainConnection? {
        guard let socket = handle.socket, let address = handle.string(CURLINFO_PRIMARY_IP) else { return nil }
        return PlainConnection(duplicating: socket, address: address, startedAt: startedAt, timings: timings)
    }

    /// Stores bytes that were received on a connection that libcurl left to us.
    ///
    /// - Returns: whether more bytes are accepted.
    func keep(said bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { answer.receive(body: $0) }
    }

    /// Records why a conversation was ended.
    func complain(_ reason: String) {
        complaint = reason
    }

    /// The result of the transfer, which ended with `code`.
    func result(code: TransferCode) -> TransferResult {
        guard code != .repetitionRefused else {
            complain(TransferCode.gotNothing.explanation)
            return result(code: .gotNothing)
        }
        var message = complaint ?? handle.errorMessage
        if code != .ok, message.isEmpty || SecretParts(of: transfer.url).occur(in: message) {
            message = code.explanation
        }
        if answer.headersWereTooLong {
            message = "the answer's headers are longer than \(AnswerBuffer.maximumHeaderBytes) bytes"
        }
        if code != .ok, let refused = refusedAddresses.first {
            message = "the address \(AddressText.text(refused)) is refused by the egress policy"
        }
        let status = handle.long(CURLINFO_RESPONSE_CODE)
        let retryAfter = handle.size(CURLINFO_RETRY_AFTER)
        return TransferResult(
            code: code == .writeRefused && answer.bodyWasTruncated ? .ok : code,
            message: answer.bodyWasTruncated || code == .ok ? "" : message,
            systemError: Int32(truncatingIfNeeded: handle.long(CURLINFO_OS_ERRNO)),
            status: status == 0 ? nil : status,
            headers: answer.headers,
            replyLines: answer.replyLines,
            body: answer.body,
            bodyWasTruncated: answer.bodyWasTruncated,
            // libcurl restarts its count when it tries another connection.
            uploadedBytes: max(handle.size(CURLINFO_SIZE_UPLOAD_T), upload.takenBytes),
            retryAfterSeconds: retryAfter == 0 ? nil : retryAfter,
            primaryAddress: handle.string(CURLINFO_PRIMARY_IP).flatMap { $0.isEmpty ? nil : $0 },
            httpVersion: Self.httpVersion(handle.long(CURLINFO_HTTP_VERSION)),
            timings: timings,
            verifyResult: handle.long(CURLINFO_SSL_VERIFYRESULT),
            handshake: transfer.recordsHandshake ? handshake : nil)
    }

    var timings: TransferResult.Timings {
        var timings = TransferResult.Timings()
        timings.nameLookup = handle.size(CURLINFO_NAMELOOKUP_TIME_T)
        timings.connect = handle.size(CURLINFO_CONNECT_TIME_T)
        timings.tlsHandshake = handle.size(CURLINFO_APPCONNECT_TIME_T)
        timings.firstByte = handle.size(CURLINFO_STARTTRANSFER_TIME_T)
        timings.total = handle.size(CURLINFO_TOTAL_TIME_T)
        if let connection {
            timings.follow(connection.timings)
        }
        return timings
    }

    private static func httpVersion(_ version: Int) -> String? {
        switch UInt32(truncatingIfNeeded: version) {
        case UInt32(CURL_HTTP_VERSION_1_0): "HTTP/1.0"
        case UInt32(CURL_HTTP_VERSION_1_1): "HTTP/1.1"
        case UInt32(CURL_HTTP_VERSION_2_0): "HTTP/2"
        case UInt32(CURL_HTTP_VERSION_3): "HTTP/3"
        default: nil
        }
    }
}

// MARK: libcurl's callbacks

private func exchange(_ context: UnsafeMutableRawPointer?) -> Exchange? {
    context.map { Unmanaged<Exchange>.fromOpaque($0).takeUnretainedValue() }
}

/// Any value other than the given number of bytes ends the transfer with `CURLE_WRITE_ERROR`.
private func receiveBody(
    bytes: UnsafeMutablePointer<CChar>?, size: Int, count: Int, context: UnsafeMutableRawPointer?
) -> Int {
    let bytes = UnsafeRawBufferPointer(start: bytes, count: size * count)
    return exchange(context)?.answer.receive(body: bytes) == true ? bytes.count : -1
}

private func receiveHeader(
    bytes: UnsafeMutablePointer<CChar>?, size: Int, count: Int, context: UnsafeMutableRawPointer?
) -> Int {
    let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
    return exchange(context)?.answer.receive(headerLine: line) == true ? line.count : -1
}

private func sendContent(
    buffer: UnsafeMutablePointer<CChar>?, size: Int, count: Int, context: UnsafeMutableRawPointer?
) -> Int {
    let buffer = UnsafeMutableRawBufferPointer(start: buffer, count: size * count)
    return exchange(context)?.upload.fill(buffer) ?? Int(CURL_READFUNC_ABORT)
}

/// libcurl passes the resolved address of the peer, and treats `CURL_SOCKET_BAD` as a refusal
/// (CURLOPT_OPENSOCKETFUNCTION(3)).
private func openSocket(
    context: UnsafeMutableRawPointer?, purpose: curlsocktype, address: UnsafeMutablePointer<curl_sockaddr>?
) -> curl_socket_t {
    guard let address, let exchange = exchange(context) else { return CURL_SOCKET_BAD }
    let peer = SocketAddress.bytes(of: address)
    guard let admits = exchange.transfer.admits, let peer, admits(peer) else {
        exchange.refusedAddresses.append(peer ?? [])
        return CURL_SOCKET_BAD
    }
    let kind = address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue)
    return socket(address.pointee.family, kind, address.pointee.protocol)
}

/// Returns a duplicate, since libcurl closes the socket that it is given.
private func giveSocket(
    context: UnsafeMutableRawPointer?, purpose: curlsocktype, address: UnsafeMutablePointer<curl_sockaddr>?
) -> curl_socket_t {
    exchange(context)?.connection?.duplicate() ?? -1
}

private func sayConnected(
    context: UnsafeMutableRawPointer?, socket: curl_socket_t, purpose: curlsocktype
) -> Int32 {
    CURL_SOCKOPT_ALREADY_CONNECTED
}

private func configureContext(
    handle: UnsafeMutableRawPointer?, context: UnsafeMutableRawPointer?, data: UnsafeMutableRawPointer?
) -> CURLcode {
    guard let context, let exchange = exchange(data) else { return CURLE_SSL_CERTPROBLEM }
    let tls = OpaquePointer(context)
    if exchange.transfer.recordsHandshake { HandshakeTrace.install(into: tls, for: exchange) }
    guard let configure = exchange.transfer.configureContext else { return CURLE_OK }
    return configure(tls) ? CURLE_OK : CURLE_SSL_CERTPROBLEM
}
