import Foundation

extension Ledger {
    /// Replaces the stored remarks of `occasion`: topics, each with the state that was reported.
    ///
    /// A command that is run repeatedly uses it to report only changes.
    ///
    /// - Returns: the previous remarks; empty without any.
    /// - Throws: `LedgerError`.
    package func replaceRemarks(_ remarks: [String: String], on occasion: String) async throws -> [String: String] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let text = String(decoding: try encoder.encode(remarks), as: UTF8.self)
        let said = try await engine.read { try $0.meta.remarks(on: occasion) }
        if said != text, !(said == nil && remarks.isEmpty) {
            try await engine.write { try $0.meta.setRemarks(text, on: occasion) }
        }
        // Unreadable remarks count as none, so that everything is reported again.
        return said.flatMap { try? JSONDecoder().decode([String: String].self, from: Data($0.utf8)) } ?? [:]
    }
}
