import Certificates
import ExpiryRules
import LedgerStorage

/// A state as a shape, a word and a class of the style sheet, so that colour is never the only sign.
struct StateMark: Hashable, Sendable {
    /// The shapes, from good to bad.
    enum Level: String, Hashable, Sendable, CaseIterable {
        case ok, soon, warning, critical, expired, unknown

        var shape: String {
            switch self {
            case .ok: "●"
            case .soon: "◐"
            case .warning: "▲"
            case .critical: "◆"
            case .expired: "■"
            case .unknown: "○"
            }
        }
    }

    let level: Level
    /// In English; a key of the table of words.
    let word: String

    init(level: Level, word: String? = nil) {
        self.level = level
        self.word = word ?? level.rawValue
    }

    init(_ state: CertificateState) {
        let level: Level =
            switch state {
            case .ok: .ok
            case .warning: .warning
            case .critical: .critical
            case .expired: .expired
            case .notYetValid: .unknown
            }
        self.init(level: level, word: state.rawValue.replacing("_", with: " "))
    }

    init(_ severity: Severity) {
        switch severity {
        case .info: self.init(level: .soon, word: "info")
        case .warning: self.init(level: .warning)
        case .critical: self.init(level: .critical)
        }
    }

    init(_ state: DeliveryState) {
        let level: Level =
            switch state {
            case .delivered: .ok
            case .pending, .sending: .soon
            case .retry, .unknown: .warning
            case .parked, .expired: .critical
            case .superseded, .cancelled: .unknown
            }
        self.init(level: level, word: state.rawValue)
    }

    func values(_ words: Words) -> PageValues {
        ["markClass": .text(level.rawValue), "markShape": .text(level.shape), "markWord": .text(words.word(word))]
    }
}
