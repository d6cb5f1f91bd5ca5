import Foundation

extension Ledger {
    /// Replaces what was said last under `occasion`, as topics with the state that was said of each.
    ///
    /// A command that is run again and again says by this what has changed, and not the same each time.
    ///
    /// - Returns: what was said before; empty for nothing.
    /// - Throws: `LedgerError`.
    package func replaceRemarks(_ remarks: [String: String], on occasion: String) async throws -> [String: String] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let text = String(decoding: try encoder.encode(remarks), as: UTF8.self)
        let said = try await engine.read { try $0.meta.remarks(on: occasion) }
        if said != text, !(said == nil && remarks.isEmpty) {
            try await engine.write { try $0.meta.setRemarks(text, on: occasion) }
        }
        // What cannot be read is as good as nothing: then all is said once more.
        return said.flatMap { try? JSONDecoder().decode([String: String].self, from: Data($0.utf8)) } ?? [:]
    }
}
