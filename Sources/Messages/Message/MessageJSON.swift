import Foundation

/// Encodes JSON with keys in alphabetical order, so that equal messages are equal bytes.
package enum MessageJSON {
    /// The bytes of `value`.
    package static func encoded(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(value))
    }

    /// Inserts keys at the start of `object`, an encoded JSON object that is not empty.
    package static func object(_ object: [UInt8], adding fields: [String: String]) throws -> [UInt8] {
        let added = try encoded(fields)
        return added.dropLast() + Array(",".utf8) + object.dropFirst()
    }
}
