import Mustache

/// The values of a template. Text is escaped here, where the template takes it, so that no page can forget to.
///
/// swift-mustache escapes by `Character`, and so misses a quotation mark with a combining mark; its escaping is off.
struct PageValues: Sendable, MustacheParent, ExpressibleByDictionaryLiteral {
    /// One value.
    enum Value: Sendable {
        case text(String)
        case markup(Markup)
        case flag(Bool)
        case group(PageValues)
        case list([PageValues])
        /// Hides a value of the same name further out.
        case none

        static func text(optional text: String?) -> Value { text.map(Value.text) ?? .none }
        static func number(_ number: some BinaryInteger) -> Value { .text("\(number)") }
        static func group(optional values: PageValues?) -> Value { values.map(Value.group) ?? .none }
        static func texts(_ texts: some Sequence<String>) -> Value { .list(texts.map { ["value": .text($0)] }) }
    }

    private var values: [String: Value]

    init(dictionaryLiteral elements: (String, Value)...) {
        values = Dictionary(elements, uniquingKeysWith: { $1 })
    }

    subscript(name: String) -> Value? {
        get { values[name] }
        set { values[name] = newValue }
    }

    /// All values of both; `other` wins.
    func merging(_ other: PageValues) -> PageValues {
        var merged = self
        merged.values.merge(other.values) { $1 }
        return merged
    }

    /// The names of the values, for tests.
    var names: Set<String> { Set(values.keys) }

    func child(named name: String) -> Any? {
        switch values[name] {
        case .text(let text): text.isEmpty ? Absent() : Markup.escaped(text)
        case .markup(let markup): markup.html.isEmpty ? Absent() : markup.html
        case .flag(let flag): flag
        case .group(let group): group
        case .list(let list): list
        case .some(.none): Absent()
        // Mustache looks further out.
        case nil: nil
        }
    }
}

/// An empty value: no section, and no text.
private struct Absent: MustacheCustomRenderable {
    let renderText = ""
    let isNull = true
}
