/// The attributes of a distinguished name, parsed from the RFC 4514 text of `Certificate.subject`.
package struct DistinguishedName: Hashable, Sendable {
    private struct Attribute: Hashable {
        let type: String
        let value: String
    }

    private let attributes: [Attribute]

    /// Parses the text and skips parts that are not attributes.
    ///
    /// - Parameter text: RFC 4514, such as `CN=api\, internal,O=Example`.
    package init(_ text: String) {
        attributes = Self.parts(of: text, separatedBy: [",", "+"]).compactMap { part in
            guard let equals = part.firstIndex(of: "=") else { return nil }
            return Attribute(
                type: part[..<equals].drop { $0 == " " }.uppercased(),
                value: Self.unescaped(part[part.index(after: equals)...]))
        }
    }

    /// The value of the first attribute of a type such as `CN`. nil when there is none. Untrusted text.
    package func first(_ type: String) -> String? {
        attributes.first { $0.type == type }?.value
    }

    /// Splits at separators that no backslash escapes.
    private static func parts(of text: String, separatedBy separators: Set<Character>) -> [Substring] {
        var parts: [Substring] = []
        var start = text.startIndex
        var isEscaped = false
        for index in text.indices {
            if isEscaped {
                isEscaped = false
            } else if text[index] == "\\" {
                isEscaped = true
            } else if separators.contains(text[index]) {
                parts.append(text[start..<index])
                start = text.index(after: index)
            }
        }
        return parts + [text[start...]]
    }

    /// Unescapes a value (RFC 4514 section 2.4): a backslash precedes a special character, or two hexadecimal digits of
    /// an octet.
    private static func unescaped(_ text: Substring) -> String {
        let octets = Array(text.utf8)
        var unescaped: [UInt8] = []
        var index = octets.startIndex
        while index < octets.endIndex {
            guard octets[index] == UInt8(ascii: "\\"), index + 1 < octets.endIndex else {
                unescaped.append(octets[index])
                index += 1
                continue
            }
            let digits = String(decoding: octets[(index + 1)..<min(index + 3, octets.endIndex)], as: UTF8.self)
            if digits.count == 2, digits.allSatisfy(\.isHexDigit), let octet = UInt8(digits, radix: 16) {
                unescaped.append(octet)
                index += 3
            } else {
                unescaped.append(octets[index + 1])
                index += 2
            }
        }
        return String(decoding: unescaped, as: UTF8.self)
    }
}
