/// What a finding states besides its code, as facts. Each language puts them into words when they are shown.
///
/// The ledger stores them. A stored case is never renamed, and its values are never changed; a test holds their form.
package enum FindingFacts: Hashable, Sendable, Codable {
    /// A flaw of the certificates or lists of a registration; `examples` are the first of `count`.
    case flaws(examples: [FlawBearer], count: Int)
    case place(PlaceFact)
    case endpoint(EndpointFacts)
    case prediction(endpoint: String, url: String, PredictionFact)
    case machine(MachineFact)
    case receiver(ReceiverFacts)
    /// The sentence that an earlier version of notafter stored, in English.
    case recorded(String)

    /// The facts of `bearers`, of which the first ones are named.
    package static func flaws(of bearers: [FlawBearer]) -> FindingFacts {
        .flaws(examples: Array(bearers.prefix(exampleLimit)), count: bearers.count)
    }

    /// How many certificates and lists a finding names.
    package static let exampleLimit = 3
}

extension FindingFacts {
    /// The subject and the problem, as one sentence.
    package func statement(of code: FindingCode, in language: Language) -> String {
        switch (self, language) {
        case (.recorded(let text), _):
            // Earlier versions stored the remedy with some of the sentences.
            let statement = text.hasSuffix(" \(code.remedy)") ? String(text.dropLast(code.remedy.count + 1)) : text
            return statement.hasSuffix(".") || statement.hasSuffix(")") ? statement : statement + "."
        case (_, .english): return english + "."
        case (_, .japanese): return japanese + "。"
        }
    }

    /// The next step, as one or two sentences.
    package func remedy(of code: FindingCode, in language: Language) -> String {
        if case .endpoint(let facts) = self { return facts.remedy(in: language) }
        return code.remedy(in: language)
    }

    /// The statement, and the next step after it.
    package func text(of code: FindingCode, in language: Language) -> String {
        let statement = statement(of: code, in: language)
        let isSpaced = language == .english || !statement.hasSuffix("。")
        return statement + (isSpaced ? " " : "") + remedy(of: code, in: language)
    }

    private var english: String {
        switch self {
        case .flaws(let examples, let count):
            examples.map(\.english).joined(separator: "; ")
                + (count > examples.count ? "; and \(count - examples.count) more" : "")
        case .place(let fact): fact.english
        case .endpoint(let facts): facts.english
        case .prediction(let endpoint, let url, let fact): "\(endpoint) (\(url)): \(fact.english)"
        case .machine(let fact): fact.english
        case .receiver(let facts): facts.english
        case .recorded(let text): text
        }
    }

    private var japanese: String {
        switch self {
        case .flaws(let examples, let count):
            examples.map(\.japanese).joined(separator: "、")
                + (count > examples.count ? "、ほか\(count - examples.count)件" : "")
        case .place(let fact): fact.japanese
        case .endpoint(let facts): facts.japanese
        case .prediction(let endpoint, let url, let fact):
            "\(JapaneseText.quoted(endpoint))（\(url)）: \(fact.japanese)"
        case .machine(let fact): fact.japanese
        case .receiver(let facts): facts.japanese
        case .recorded(let text): text
        }
    }
}
