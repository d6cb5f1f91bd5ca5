/// Collects a response as it arrives, up to fixed limits.
struct AnswerBuffer {
    /// The limit for status lines and headers of all responses of one exchange, including interim ones.
    static let maximumHeaderBytes = 65_536

    private(set) var headers: [HeaderField] = []
    private(set) var body: [UInt8] = []
    private(set) var bodyWasTruncated = false
    private(set) var headersWereTooLong = false
    /// The replies of an SMTP server, including its greeting.
    private(set) var replyLines: [String] = []
    private let maximumBodyBytes: Int
    private let isMail: Bool
    private var headerBytes = 0

    init(maximumBodyBytes: Int, isMail: Bool = false) {
        self.maximumBodyBytes = maximumBodyBytes
        self.isMail = isMail
    }

    /// - Returns: whether the exchange may continue.
    mutating func receive(headerLine line: UnsafeRawBufferPointer) -> Bool {
        headerBytes += line.count
        guard headerBytes <= Self.maximumHeaderBytes else {
            headersWereTooLong = true
            return false
        }
        let text = String(decoding: line, as: UTF8.self)
        if text.hasPrefix("HTTP/") {
            // Interim responses (RFC 9110 15.2) precede the final one, whose headers are kept.
            headers = []
        } else if isMail {
            replyLines.append(Self.trimmed(text[...]))
        } else if let colon = text.firstIndex(of: ":") {
            headers.append(
                HeaderField(String(text[..<colon]), Self.trimmed(text[text.index(after: colon)...])))
        }
        return true
    }

    /// - Returns: whether the exchange may continue.
    mutating func receive(body bytes: UnsafeRawBufferPointer) -> Bool {
        let room = maximumBodyBytes - body.count
        body.append(contentsOf: bytes.prefix(room))
        bodyWasTruncated = bytes.count > room
        return !bodyWasTruncated
    }

    private static func trimmed(_ text: Substring) -> String {
        let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0.isNewline }
        var text = text.drop(while: isSpace)
        while let last = text.last, isSpace(last) {
            text.removeLast()
        }
        return String(text)
    }
}
