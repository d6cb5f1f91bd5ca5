import Certificates
import Foundation

/// JSON as this program writes it: keys in alphabetical order, slashes as they are, and nothing in it that a terminal or
/// a page would obey.
package enum JSONText {
    /// One line.
    package static func of(_ value: some Encodable) throws -> String {
        try text(of: value, formatting: [.sortedKeys, .withoutEscapingSlashes])
    }

    /// Indented, for people who look at what programs read.
    package static func indented(_ value: some Encodable) throws -> String {
        try text(of: value, formatting: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
    }

    private static func text(of value: some Encodable, formatting: JSONEncoder.OutputFormatting) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = formatting
        return harmless(String(decoding: try encoder.encode(value), as: UTF8.self))
    }

    /// JSON lets through what is no ASCII control (RFC 8259 7); people look at it in terminals, and pages embed it. All
    /// that is escaped here stands inside of strings, except for the line breaks of the indentation.
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
