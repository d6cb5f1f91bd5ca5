import Foundation

/// A body that is frozen together with further fields, such as headers: one line with a JSON object of texts, then the
/// content.
package struct FrozenEnvelope {
    package let fields: [String: String]
    package let content: [UInt8]

    package init(fields: [String: String], content: [UInt8]) {
        self.fields = fields
        self.content = content
    }

    /// The bytes that the ledger keeps.
    package func frozen() throws -> [UInt8] {
        try MessageJSON.encoded(fields) + [UInt8(ascii: "\n")] + content
    }

    /// - Throws: `DecodingError` for bytes that `frozen` did not make.
    package init(frozen: [UInt8]) throws {
        // `MessageJSON` writes no line feeds, so the first one ends the fields.
        let parts = frozen.split(separator: UInt8(ascii: "\n"), maxSplits: 1, omittingEmptySubsequences: false)
        fields = try JSONDecoder().decode([String: String].self, from: Data(parts.first ?? []))
        content = parts.count == 2 ? Array(parts[1]) : []
    }
}
