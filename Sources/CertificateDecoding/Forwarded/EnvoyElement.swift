import Certificates

/// One element of Envoy's `x-forwarded-client-cert`, which one proxy writes about its client.
///
/// Source: Envoy's documentation, "HTTP header manipulation", x-forwarded-client-cert. Elements are separated by
/// commas, pairs by semicolons, key and value by `=`. Keys are case-insensitive. A value with any of these characters
/// is in double quotes, in which `\"` is a quote.
struct EnvoyElement {
    private var pairs: [(key: String, value: [UInt8])] = []

    /// The last element: the nearest proxy appended it about its own client. Earlier elements are not trustworthy,
    /// since a client can forge them if the first proxy appends to the received header.
    static func last(of value: [UInt8]) throws(ForwardedCertificateError) -> EnvoyElement {
        var element = EnvoyElement()
        var rest = value[...]
        while !rest.isEmpty {
            let key = rest.prefix { $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: ",") }
            guard rest.dropFirst(key.count).first == UInt8(ascii: "=") else {
                throw .malformed("byte \(rest.startIndex) of the value begins no key=value of x-forwarded-client-cert")
            }
            rest = rest.dropFirst(key.count + 1)
            let text = try takeValue(&rest)
            let name = String(decoding: key.drop { $0 == 0x20 || $0 == 0x09 }, as: UTF8.self).lowercased()
            element.pairs.append((name, text))
            guard let separator = rest.first else { break }
            rest = rest.dropFirst()
            if separator == UInt8(ascii: ",") { element = EnvoyElement() }
        }
        return element
    }

    /// Parses a value up to the next separator.
    private static func takeValue(_ rest: inout ArraySlice<UInt8>) throws(ForwardedCertificateError) -> [UInt8] {
        let isEnd = { (byte: UInt8) in byte == UInt8(ascii: ";") || byte == UInt8(ascii: ",") }
        guard rest.first == UInt8(ascii: "\"") else {
            let value = rest.prefix { !isEnd($0) }
            rest = rest.dropFirst(value.count)
            return Array(value)
        }
        let start = rest.startIndex
        var value: [UInt8] = []
        rest = rest.dropFirst()
        while let byte = rest.first, byte != UInt8(ascii: "\"") {
            let isEscape = byte == UInt8(ascii: "\\")
            rest = rest.dropFirst()
            guard isEscape, let escaped = rest.first else {
                value.append(byte)
                continue
            }
            value.append(escaped)
            rest = rest.dropFirst()
        }
        guard rest.first == UInt8(ascii: "\"") else { throw .malformed("the quote at byte \(start) does not end") }
        rest = rest.dropFirst()
        guard rest.first.map(isEnd) ?? true else {
            throw .malformed("byte \(rest.startIndex) of the value follows a quote and separates nothing")
        }
        return value
    }

    /// The client's certificate and its chain. In Envoy the chain begins with the same certificate.
    func containers() throws(ForwardedCertificateError) -> [[UInt8]] {
        var containers: [[UInt8]] = []
        for key in ["cert", "chain"] {
            if let value = try single(key) { containers.append(try PercentEncoding.decoded(value)) }
        }
        guard !containers.isEmpty else {
            throw .withoutCertificate(
                "the last element of x-forwarded-client-cert has no Cert; set_current_client_cert_details adds it")
        }
        return containers
    }

    /// The value of `Hash`, if present.
    func fingerprint() throws(ForwardedCertificateError) -> Fingerprint? {
        guard let value = try single("hash") else { return nil }
        guard let fingerprint = Fingerprint(hexadecimal: String(decoding: value, as: UTF8.self)) else {
            throw .malformed("the Hash of x-forwarded-client-cert is not a SHA-256 in hexadecimal")
        }
        return fingerprint
    }

    private func single(_ key: String) throws(ForwardedCertificateError) -> [UInt8]? {
        let values = pairs.filter { $0.key == key }.map(\.value)
        guard values.count <= 1 else { throw .malformed("an element of x-forwarded-client-cert has two \(key)s") }
        return values.first
    }
}
