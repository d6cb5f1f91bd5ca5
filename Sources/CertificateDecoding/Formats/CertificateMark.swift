/// Detects content that is meant to be a certificate, readable or not. If nothing can be decoded from it, that is a
/// defect.
enum CertificateMark {
    /// Whether a text contains the beginning of a certificate block, even a malformed one. Blocks of certificate
    /// requests and comments do not count.
    static func stands(inText bytes: Span<UInt8>) -> Bool {
        let openings: [StaticString] = ["BEGIN CERTIFICATE", "BEGIN X509 CERTIFICATE", "BEGIN TRUSTED CERTIFICATE"]
        return openings.contains { opening in
            var position = 0
            while let index = bytes.firstIndex(of: opening, from: position) {
                position = index + opening.utf8CodeUnitCount
                let isRequest = bytes.holds(" REQUEST", at: position)
                guard isRequest || CommentedText.holds(index, in: bytes) else { return true }
            }
            return false
        }
    }

    /// Whether DER begins like a certificate of version 2 or 3: two SEQUENCEs, then `[0]` with the INTEGER of the
    /// version. Lengths are not checked, since they may be wrong.
    static func stands(inDER bytes: Span<UInt8>) -> Bool {
        guard let version = skipHeaders([0x30, 0x30, 0xA0], of: bytes) else { return false }
        return bytes.holds("\u{02}\u{01}", at: version)
    }

    /// Whether DER begins like a certificate of version 1: two SEQUENCEs, then the INTEGER of its serial number.
    static func isConceivable(inDER bytes: Span<UInt8>) -> Bool {
        guard let serialNumber = skipHeaders([0x30, 0x30], of: bytes) else { return false }
        return serialNumber < bytes.count && bytes[serialNumber] == 0x02
    }

    /// Whether `bytes` are a certificate with less than 128 octets of content, which only test certificates have. No
    /// text begins like this.
    static func isShortCertificate(_ bytes: Span<UInt8>) -> Bool {
        guard bytes.count > 2, bytes[1] < 0x80, Int(bytes[1]) + 2 <= bytes.count else { return false }
        return stands(inDER: bytes) || isConceivable(inDER: bytes)
    }

    /// The offset of the content after the identifier and length octets of nested elements.
    static func skipHeaders(_ tags: [UInt8], of bytes: Span<UInt8>) -> Int? {
        var position = 0
        for tag in tags {
            guard position + 1 < bytes.count, bytes[position] == tag else { return nil }
            position += 2 + (bytes[position + 1] >= 0x80 ? Int(bytes[position + 1] & 0x7F) : 0)
        }
        return position
    }
}
