/// The kind of content without a certificate, for messages that help a person to find the mistake.
package enum ForeignContent: String, CaseIterable, Sendable {
    case empty
    case page
    case privateKey
    case certificateRequest
    case publicKey
    /// A PEM block of another kind, such as Diffie-Hellman parameters.
    case otherPEM
    case other

    /// Detects the kind of `bytes`, the whole content.
    package init(of bytes: Span<UInt8>) {
        let head = bytes.extracting(first: 4_096)
        let start = head.indices.first { !Self.blanks.contains(head[$0]) } ?? head.count
        if start == bytes.count {
            self = .empty
        } else if head[start] == UInt8(ascii: "<") {
            self = .page
        } else if let label = Self.label(in: bytes) {
            self = label
        } else {
            self = Self.der(bytes) ?? .other
        }
    }

    /// Whether the content is of a known kind that may have the name of a certificate file in PEM or DER.
    package var isRecognized: Bool {
        switch self {
        case .privateKey, .certificateRequest, .publicKey, .otherPEM: true
        case .empty, .page, .other: false
        }
    }

    /// One sentence for a person.
    package var sentence: String {
        let nothing = "it holds no certificate"
        return switch self {
        case .empty: "\(nothing): it is empty"
        case .page: "\(nothing): it is an HTML or XML document"
        case .privateKey: "\(nothing): it is a private key"
        case .certificateRequest: "\(nothing): it is a certificate request (CSR), which a CA has yet to sign"
        case .publicKey: "\(nothing): it is a public key"
        case .otherPEM: "\(nothing): its PEM is of another kind"
        case .other: nothing
        }
    }

    /// White space, NUL and the bytes of a byte order mark.
    private static let blanks: [UInt8] = [0x00, 0x09, 0x0A, 0x0D, 0x20, 0xEF, 0xBB, 0xBF]

    /// The kind of the first PEM block. nil without one.
    private static func label(in text: Span<UInt8>) -> ForeignContent? {
        var position = 0
        while let begin = text.firstIndex(of: "-----BEGIN ", from: position) {
            position = begin + 11
            guard !CommentedText.holds(begin, in: text) else { continue }
            let label = String(decoding: text.bytes(position..<min(text.count, position + 64)), as: UTF8.self)
                .prefix { $0 != "-" }
            if label.hasSuffix("PRIVATE KEY") { return .privateKey }
            if label.hasSuffix("CERTIFICATE REQUEST") { return .certificateRequest }
            if label.hasSuffix("PUBLIC KEY") { return .publicKey }
            return .otherPEM
        }
        return nil
    }

    /// A key begins with its version (RFC 5208, RFC 8017, RFC 5915). A request has a version inside two SEQUENCEs (RFC
    /// 2986).
    private static func der(_ bytes: Span<UInt8>) -> ForeignContent? {
        if let content = CertificateMark.skipHeaders([0x30], of: bytes) {
            if bytes.holds("\u{02}\u{01}\u{00}", at: content) || bytes.holds("\u{02}\u{01}\u{01}", at: content) {
                return .privateKey
            }
        }
        if let content = CertificateMark.skipHeaders([0x30, 0x30], of: bytes) {
            if bytes.holds("\u{02}\u{01}\u{00}\u{30}", at: content) { return .certificateRequest }
            if bytes.holds("\u{06}", at: content) { return .publicKey }
        }
        return nil
    }
}
