/// What came of a transfer. All text in it comes from elsewhere and is hostile; it names neither the URL's path nor its
/// query, which may be secret.
package struct TransferResult: Sendable {
    package var code: TransferCode
    /// The first error in libcurl's words; empty if there was none.
    package var message: String
    /// The `errno` of the failed connect, or 0.
    package var systemError: Int32
    /// HTTP's, or the code of SMTP's last reply; nil when no answer came.
    package var status: Int?
    /// Of the final answer, in its order.
    package var headers: [HeaderField]
    /// The lines of a mail server's replies, greeting included.
    package var replyLines: [String]
    package var body: [UInt8]
    package var bodyWasTruncated: Bool
    /// Bytes of the request's body that left: with 0 the receiver cannot have acted.
    package var uploadedBytes: Int
    package var retryAfterSeconds: Int?
    package var primaryAddress: String?
    /// As it is written: `HTTP/1.1`, `HTTP/2`.
    package var httpVersion: String?
    package var timings: Timings
    /// OpenSSL's verdict on the server's chain, `X509_V_…`; 0 is good.
    package var verifyResult: Int
    /// nil unless the transfer records it.
    package var handshake: HandshakeRecord?

    /// Microseconds from the start to the end of each step; 0 for a step that was not reached.
    package struct Timings: Hashable, Sendable {
        package var nameLookup = 0
        package var connect = 0
        package var tlsHandshake = 0
        package var firstByte = 0
        package var total = 0

        package init() {}

        /// Puts what happened before the steps of `self`: the name lookup, the connection, and what was said on it.
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

    /// The value of the first header of this name, whatever its case.
    package func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    static let cancelled = TransferResult(code: .cancelled, message: "cancelled")
}
