import Foundation

/// The parameters of a query (WHATWG URL, application/x-www-form-urlencoded).
struct PageQuery: Hashable, Sendable {
    /// More parameters are left out.
    private static let limit = 32

    private let values: [String: String]

    init(_ text: String) {
        let pairs = text.split(separator: "&").prefix(Self.limit).map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = parts.count > 1 ? String(parts[1]).replacing("+", with: " ") : ""
            return (Self.decoded(String(parts[0])), Self.decoded(value))
        }
        values = Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }

    /// The value of a parameter; nil if it is missing or empty.
    subscript(name: String) -> String? {
        values[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The text without percent-encoding. Bytes that are not UTF-8 become U+FFFD.
    static func decoded(_ text: String) -> String {
        guard text.contains("%") else { return text }
        var (bytes, rest): ([UInt8], Substring.UTF8View) = ([], text[...].utf8)
        while let byte = rest.first {
            let digits = String(decoding: rest.dropFirst().prefix(2), as: UTF8.self)
            if byte == UInt8(ascii: "%"), digits.utf8.count == 2, let value = UInt8(digits, radix: 16) {
                bytes.append(value)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
                rest = rest.dropFirst()
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The text with everything but unreserved characters (RFC 3986 2.3) percent-encoded. A name that consists of dots is
    /// encoded as well, since browsers would take it for a step up.
    static func encoded(_ text: String) -> String {
        let isDots = text.utf8.allSatisfy { $0 == UInt8(ascii: ".") }
        var encoded = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "~"):
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            case UInt8(ascii: ".") where !isDots: encoded += "."
            default:
                let hex = String(byte, radix: 16, uppercase: true)
                encoded += hex.count < 2 ? "%0\(hex)" : "%\(hex)"
            }
        }
        return encoded
    }

    /// `?name=value&…` of the parameters with a value; empty without one.
    static func text(_ parameters: [(name: String, value: String)]) -> String {
        let pairs = parameters.filter { !$0.value.isEmpty }.map { "\($0.name)=\(encoded($0.value))" }
        return pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&")
    }
}
