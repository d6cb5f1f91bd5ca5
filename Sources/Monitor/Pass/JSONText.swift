import Foundation

/// JSON as this program writes it: keys in alphabetical order, slashes as they are.
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
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
