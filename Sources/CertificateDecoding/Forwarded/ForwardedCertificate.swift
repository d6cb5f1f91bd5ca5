import Certificates

/// The certificates that an edge forwards, as containers for `CertificateDecoder`: PEM or DER.
package struct ForwardedCertificate: Hashable, Sendable {
    /// The client's certificate first, then its chain towards the CA.
    package let containers: [[UInt8]]
    /// The SHA-256 of the client's certificate according to the edge.
    package let fingerprint: Fingerprint?

    /// More than any edge forwards: servers accept headers of 4 to 16 KiB, and Cloudflare forwards at most 26 KiB.
    package static let byteLimit = 64 * 1_024

    /// Decodes a forwarded certificate.
    ///
    /// - Parameters:
    ///   - text: the bare value of `header`, its line `Name: value`, or all header lines of a request.
    ///   - header: the header to decode.
    /// - Throws: `ForwardedCertificateError`.
    package init(_ text: [UInt8], header: ForwardedHeader) throws(ForwardedCertificateError) {
        guard text.count <= Self.byteLimit else { throw .tooLarge(limit: Self.byteLimit) }
        let lines = HeaderText(text)
        guard let value = lines[header.name] ?? lines.bare, !value.isEmpty else { throw .empty }
        var (containers, fingerprint) = try Self.decoded(value, header.encoding)
        if let companion = header.companion, let value = lines[companion.name] {
            switch companion.role {
            case .chain:
                containers += try ByteSequences.list(value)
            case .fingerprint:
                guard let announced = Fingerprint(hexadecimal: String(decoding: value, as: UTF8.self)) else {
                    throw .malformed("\(companion.name) is not a SHA-256 in hexadecimal")
                }
                fingerprint = announced
            }
        }
        self.containers = containers
        self.fingerprint = fingerprint
    }

    private static func decoded(
        _ value: [UInt8], _ encoding: ForwardedHeader.Encoding
    ) throws(ForwardedCertificateError) -> (containers: [[UInt8]], fingerprint: Fingerprint?) {
        switch encoding {
        case .percentEncodedPEM: return ([try PercentEncoding.decoded(value)], nil)
        case .base64DER: return (try base64List(value), nil)
        case .byteSequence: return ([try ByteSequences.item(value)], nil)
        case .byteSequences: return (try ByteSequences.list(value), nil)
        case .envoyElements:
            let element = try EnvoyElement.last(of: value)
            return (try element.containers(), try element.fingerprint())
        case .formEncodedPEM:
            return ([try PercentEncoding.decoded(value.map { $0 == UInt8(ascii: "+") ? 0x20 : $0 })], nil)
        case .anyOfThese: return try decoded(value, recognised(value))
        }
    }

    /// PEM begins with a dash or an escaped dash, a byte sequence with a colon. Anything else is base64.
    private static func recognised(
        _ value: [UInt8]
    ) throws(ForwardedCertificateError) -> ForwardedHeader.Encoding {
        if value.first == UInt8(ascii: ":") { return .byteSequences }
        if value.first == UInt8(ascii: "-") || value.starts(with: "%2D".utf8) || value.starts(with: "%2d".utf8) {
            let isForm = value.span.firstIndex(of: Array("BEGIN+".utf8)) != nil
            return isForm ? .formEncodedPEM : .percentEncodedPEM
        }
        if value.contains(UInt8(ascii: "%")) {
            throw .malformed("the value is neither PEM with percent escapes nor base64")
        }
        return .base64DER
    }

    private static func base64List(_ value: [UInt8]) throws(ForwardedCertificateError) -> [[UInt8]] {
        var list: [[UInt8]] = []
        for part in value.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            list.append(try HeaderBase64.decoded(Array(part)))
        }
        return list
    }
}

/// Decodes base64 in a header.
enum HeaderBase64 {
    /// Decodes `text`, which may lack padding: RFC 8941 4.2.7 lets parsers accept that.
    static func decoded(_ text: [UInt8]) throws(ForwardedCertificateError) -> [UInt8] {
        let missing = (4 - text.count % 4) % 4
        let padded = text + [UInt8](repeating: UInt8(ascii: "="), count: text.last == UInt8(ascii: "=") ? 0 : missing)
        var decoder = Base64Decoder()
        let count: Int
        do throws(Base64Decoder.Flaw) {
            count = try decoder.decode(padded.span, 0..<padded.count)
        } catch {
            throw .malformed("byte \(error.offset) of the value is not base64")
        }
        guard count > 0 else { throw .malformed("a certificate in the value is empty") }
        return Array(decoder.buffer.prefix(count))
    }
}

/// Decodes percent escapes (RFC 3986 2.1).
enum PercentEncoding {
    /// Decodes escapes such as `%0A` and keeps everything else, including plus signs.
    static func decoded(_ text: [UInt8]) throws(ForwardedCertificateError) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var index = 0
        while index < text.count {
            guard text[index] == UInt8(ascii: "%") else {
                bytes.append(text[index])
                index += 1
                continue
            }
            guard
                index + 2 < text.count, let high = hexadecimal(text[index + 1]), let low = hexadecimal(text[index + 2])
            else { throw .malformed("byte \(index) of the value begins an escape that is not one") }
            bytes.append(high << 4 | low)
            index += 3
        }
        return bytes
    }

    private static func hexadecimal(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x41...0x46: digit - 0x41 + 10
        case 0x61...0x66: digit - 0x61 + 10
        default: nil
        }
    }
}
