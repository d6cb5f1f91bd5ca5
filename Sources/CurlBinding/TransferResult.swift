/// The result of a transfer. All of its text is untrusted. It contains neither the path nor the query of the URL, which
/// may be secret.
package struct TransferResult: Sendable {
    package var code: TransferCode
    /// libcurl's text of the first error. Empty when there was none.
    package var message: String
    /// The `errno` of the failed connect, or 0.
    package var systemError: Int32
    /// The HTTP status, or the code of the last SMTP reply. nil without a response.
    package var status: Int?
    /// The headers of the final response, in its order.
    package var headers: [HeaderField]
    /// The lines of a mail server's replies, including its greeting.
    package var replyLines: [String]
    package var body: [UInt8]
    package var bodyWasTruncated: Bool
    /// The number of bytes of the request's body that were sent. With 0 the receiver cannot have acted on it.
    package var uploadedBytes: Int
    package var retryAfterSeconds: Int?
    package var primaryAddress: String?
    /// As text: `HTTP/1.1`, `HTTP/2`.
    package var httpVersion: String?
    package var timings: Timings
    /// OpenSSL's result of verifying the server's chain, `X509_V_…`; 0 is success.
    package var verifyResult: Int
    /// nil unless `Transfer.recordsHandshake` is set.
    package var handshake: HandshakeRecord?

    /// Microseconds from the start to the end of each step, 0 for a step that was not reached.
    package struct Timings: Hashable, Sendable {
        package var nameLookup = 0
        package var connect = 0
        package var tlsHandshake = 0
        package var firstByte = 0
        package var total = 0

        package init() {}

        /// Adds the steps of the preamble before those of `self`: the name lookup, the connection and the conversation.
        mutating func follow(_ earlier: Timings) {
            let offset = earlier.total - connect
            (nameLookup, connect) = (earlier.nameLookup, earlier.connect)
            if tlsHandshake > 0 { tlsHandshake += offset }
            if firstByte > 0 { firstByte += offset }
            total += offset
        }
    }

    package init(
        code: TransferCode, message: String = "", systemError: Int32 = 0, status: Int? = nil,
        headers: [HeaderField] = [], replyLines: [String] = [], body: [UInt8] = [], bodyWasTruncated: Bool = false,
        uploadedBytes: Int = 0,
        retryAfterSeconds: Int? = nil, primaryAddress: String? = nil, httpVersion: String? = nil,
        timings: Timings = Timings(), verifyResult: Int = 0, handshake: HandshakeRecord? = nil
    ) {
        self.code = code
        self.message = message
        self.systemError = systemError
        self.status = status
        self.headers = headers
        self.replyLines = replyLines
        self.body = body
        self.bodyWasTruncated = bodyWasTruncated
        self.uploadedBytes = uploadedBytes
        self.retryAfterSeconds = retryAfterSeconds
        self.primaryAddress = primaryAddress
        self.httpVersion = httpVersion
        self.timings = timings
        self.verifyResult = verifyResult
        self.handshake = handshake
    }

    /// The value of the first header with this name. The comparison ignores case.
    package func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    static let cancelled = TransferResult(code: .cancelled, message: "cancelled")
}
