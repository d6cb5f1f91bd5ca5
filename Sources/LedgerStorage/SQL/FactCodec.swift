import Certificates
import Foundation

/// The only way in which facts are stored: as JSON with sorted keys, so that equal facts have equal texts.
enum FactCodec {
    static func text(_ facts: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(facts), as: UTF8.self)
    }

    /// - Throws: `LedgerDamage` for a text that this version does not know.
    static func facts<Facts: Decodable>(_ type: Facts.Type = Facts.self, from text: String) throws -> Facts {
        do {
            return try JSONDecoder().decode(type, from: Data(text.utf8))
        } catch {
            throw LedgerDamage(
                "the facts \"\(text.prefix(60))\" cannot be read, unless a newer version of notafter has written them")
        }
    }
}

extension RowReader {
    /// The facts of a finding: two columns, the sentence of an earlier version and the facts.
    mutating func findingFacts() throws -> FindingFacts {
        guard let facts = try optionalFindingFacts() else { throw LedgerDamage("a finding has no facts") }
        return facts
    }

    /// The facts of a finding, from the same columns; nil if both are empty.
    mutating func optionalFindingFacts() throws -> FindingFacts? {
        let (recorded, facts) = (optionalText(), optionalText())
        return try facts.map { try FactCodec.facts(from: $0) } ?? recorded.map { .recorded($0) }
    }

    /// The facts of a flaw: two columns, the clause of an earlier version and the facts.
    mutating func flawFacts() throws -> [FlawFact] {
        let (recorded, facts) = (try text(), optionalText())
        return try facts.map { try FactCodec.facts(from: $0) } ?? [.recorded(recorded)]
    }
}

extension SQLValue {
    /// Facts as the ledger stores them.
    static func facts(_ facts: some Encodable) throws -> SQLValue { .text(try FactCodec.text(facts)) }
}
