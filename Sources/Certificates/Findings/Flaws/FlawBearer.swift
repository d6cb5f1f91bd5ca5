/// A certificate or list that has a flaw, as a finding names it.
package struct FlawBearer: Hashable, Sendable, Codable {
    package let name: String
    /// The place of the certificate or list.
    package let place: String
    package let flaws: [FlawFact]

    package init(name: String, place: String, flaws: [FlawFact]) {
        self.name = String(name.prefix(200))
        self.place = place
        self.flaws = flaws
    }
}

extension FlawBearer: Phrase {
    package var english: String { "\"\(name)\" (\(place)): \(flaws.clause(in: .english))" }

    package var japanese: String {
        "\(JapaneseText.quoted(name))（\(place)）: \(flaws.clause(in: .japanese))"
    }
}
