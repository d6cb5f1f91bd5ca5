import CCurl

/// The result code of a transfer, as defined by libcurl (`CURLcode`, libcurl-errors(3)).
package struct TransferCode: RawRepresentable, Hashable, Sendable {
    package let rawValue: Int32

    package init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    init(_ code: CURLcode) {
        self.rawValue = Int32(bitPattern: code.rawValue)
    }

    package static let ok = TransferCode(CURLE_OK)
    package static let unsupportedScheme = TransferCode(CURLE_UNSUPPORTED_PROTOCOL)
    package static let malformedURL = TransferCode(CURLE_URL_MALFORMAT)
    package static let nameLookupFailed = TransferCode(CURLE_COULDNT_RESOLVE_HOST)
    package static let connectFailed = TransferCode(CURLE_COULDNT_CONNECT)
    /// The server does not speak the expected protocol.
    package static let weirdServerReply = TransferCode(CURLE_WEIRD_SERVER_REPLY)
    package static let writeRefused = TransferCode(CURLE_WRITE_ERROR)
    package static let timedOut = TransferCode(CURLE_OPERATION_TIMEDOUT)
    package static let tlsHandshakeFailed = TransferCode(CURLE_SSL_CONNECT_ERROR)
    /// Also the result of a cancelled transfer.
    package static let cancelled = TransferCode(CURLE_ABORTED_BY_CALLBACK)
    package static let badArgument = TransferCode(CURLE_BAD_FUNCTION_ARGUMENT)
    package static let gotNothing = TransferCode(CURLE_GOT_NOTHING)
    /// A connection that was used before closed without an answer, and libcurl could not repeat the request.
    static let repetitionRefused = TransferCode(CURLE_SEND_FAIL_REWIND)
    package static let sendFailed = TransferCode(CURLE_SEND_ERROR)
    package static let receiveFailed = TransferCode(CURLE_RECV_ERROR)
    /// Our certificate or key is unreadable, or they do not belong together.
    package static let localCertificateProblem = TransferCode(CURLE_SSL_CERTPROBLEM)
    /// Usually the server's certificate failed verification. Under TLS 1.2 also an alert that our certificate has
    /// expired.
    package static let peerVerificationFailed = TransferCode(CURLE_PEER_FAILED_VERIFICATION)
    package static let caFileUnreadable = TransferCode(CURLE_SSL_CACERT_BADFILE)
    package static let http2Failed = TransferCode(CURLE_HTTP2)
    package static let http2StreamFailed = TransferCode(CURLE_HTTP2_STREAM)
    /// The server demanded a client certificate with alert 116 during the handshake.
    package static let clientCertificateDemanded = TransferCode(CURLE_SSL_CLIENTCERT)

    /// libcurl's text for this code. It is constant and contains no URL.
    package var explanation: String {
        String(cString: curl_easy_strerror(CURLcode(rawValue: UInt32(bitPattern: rawValue))))
    }
}
