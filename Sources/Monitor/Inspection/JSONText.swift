import Certificates
import Foundation

/// Encodes the JSON that the commands print: keys in alphabetical order, unescaped slashes, and no characters that a
/// terminal or an HTML page interprets.
package enum JSONText {
    /// One line.
    package static func of(_ value: some Encodable) throws -> String {
        try text(of: value, formatting: [.sortedKeys, .withoutEscapingSlashes])
    }

    /// Indented, for people.
    package static func indented(_ value: some Encodable) throws -> String {
        try text(of: value, formatting: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
    }

    private static func text(of value: some Encodable, formatting: JSONEncoder.OutputFormatting) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = formatting
        return harmless(String(decoding: try encoder.encode(value), as: UTF8.self))
    }

    /// Escapes hostile characters and `<`, since terminals show the JSON and pages embed it. JSON itself requires
    /// escapes only for ASCII controls (RFC 8259 7). Such characters occur only inside strings, except for the line
    /// breaks of the indentation.
    private static func harmless(_ json: String) -> String {
        guard json.utf8.contains(where: { $0 >= 0x7F || $0 == UInt8(ascii: "<") }) else { return json }
        func isHarmful(_ scalar: Unicode.Scalar) -> Bool { scalar == "<" || scalar.isHostile && scalar != "\n" }
        var text = ""
        for scalar in json.unicodeScalars {
            guard isHarmful(scalar) else {
                text.unicodeScalars.append(scalar)
                continue
            }
            for unit in UTF16.encode(scalar).map(Array.init) ?? [] {
                let digits = String(unit, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
        return text
    }
}
