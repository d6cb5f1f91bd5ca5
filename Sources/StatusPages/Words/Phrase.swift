/// A sentence with values, in every language.
protocol Phrase: Sendable {
    var english: String { get }
    var japanese: String { get }
}
