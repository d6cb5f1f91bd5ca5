import Certificates
import ExpiryRules

/// A finding that is going to occur, or that affects other clients although our probe succeeded.
package struct PredictedFinding: Hashable, Sendable {
    package let code: FindingCode
    package let fact: PredictionFact

    package init(_ code: FindingCode, _ fact: PredictionFact) {
        self.code = code
        self.fact = fact
    }

    /// A clause for a person, in English. Text from certificates in it is untrusted.
    package var message: String { fact.english }
}

extension PredictedFinding: Encodable {
    private enum CodingKeys: String, CodingKey {
        case code, severity, message
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(code.rawValue, forKey: .code)
        try container.encode(code.severity.rawValue, forKey: .severity)
        try container.encode(message, forKey: .message)
    }
}
