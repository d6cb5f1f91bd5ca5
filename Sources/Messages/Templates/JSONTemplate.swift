/// A JSON document whose texts are Mustache templates, for the body of a webhook in another service's format.
///
/// The result is valid JSON whatever a certificate contains, because values are inserted into the parsed document and
/// not into its text.
package indirect enum JSONTemplate: Hashable, Sendable {
    case null
    case flag(Bool)
    case integer(Int64)
    case number(Double)
    /// A text with tags in it.
    case text(TemplateSource)
    /// A text that consists of one tag. It becomes a value of the fact's own JSON type.
    case value(named: String)
    case list([JSONTemplate])
    case object([String: JSONTemplate])

    /// Compiles one text of the document.
    ///
    /// - Throws: `TemplateError`, with the position in the text.
    package static func text(parsing source: String) throws(TemplateError) -> JSONTemplate {
        let template = try TemplateSource(source)
        return TemplateTags.onlyName(in: source).map { .value(named: $0) } ?? .text(template)
    }

    /// Compiles all texts of a parsed document.
    ///
    /// - Throws: `TemplateError`, with the position in the text that holds the template.
    package init(_ value: JSONValue) throws(TemplateError) {
        switch value {
        case .null: self = .null
        case .flag(let flag): self = .flag(flag)
        case .integer(let integer): self = .integer(integer)
        case .number(let number): self = .number(number)
        case .text(let text): self = try .text(parsing: text)
        case .list(let list):
            var elements: [JSONTemplate] = []
            for element in list { elements.append(try JSONTemplate(element)) }
            self = .list(elements)
        case .object(let object):
            var members: [String: JSONTemplate] = [:]
            for (name, member) in object { members[name] = try JSONTemplate(member) }
            self = .object(members)
        }
    }

    /// The document with the values of `message`.
    package func rendered(for message: Message) -> JSONValue { rendered(TemplateValues(message)) }

    private func rendered(_ values: TemplateValues) -> JSONValue {
        switch self {
        case .null: .null
        case .flag(let flag): .flag(flag)
        case .integer(let integer): .integer(integer)
        case .number(let number): .number(number)
        case .text(let source): .text(source.text(values))
        case .value(let name): values.json(named: name)
        case .list(let list): .list(list.map { $0.rendered(values) })
        case .object(let object): .object(object.mapValues { $0.rendered(values) })
        }
    }

    /// The whole template as text, for the digest of a receiver's settings.
    package var digestText: String {
        switch self {
        case .null: "null"
        case .flag(let flag): "\(flag)"
        case .integer(let integer): "\(integer)"
        case .number(let number): "\(number)"
        case .text(let source): "\(source.source.debugDescription)"
        case .value(let name): "{{\(name)}}"
        case .list(let list): "[" + list.map(\.digestText).joined(separator: ",") + "]"
        case .object(let object):
            "{"
                + object.sorted { $0.key < $1.key }.map { "\($0.key.debugDescription):\($0.value.digestText)" }
                .joined(separator: ",") + "}"
        }
    }
}

extension TemplateValues {
    /// The value as its JSON type. An empty text is null.
    func json(named name: String) -> JSONValue {
        switch value(named: name) {
        case .text("")?, nil: .null
        case .text(let text)? where TemplateName.numbers.contains(name): Int64(text).map(JSONValue.integer) ?? .null
        case .text(let text)?: .text(text)
        case .flag(let flag)?: .flag(flag)
        case .list(let list)?: .list(list.map(JSONValue.text))
        case .pairs(let pairs)?:
            .object(
                Dictionary(pairs.map { ($0.name, JSONValue.text($0.value)) }, uniquingKeysWith: { first, _ in first }))
        }
    }
}
