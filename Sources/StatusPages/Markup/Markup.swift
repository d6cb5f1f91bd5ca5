import Certificates

/// HTML or SVG that is safe to insert as it is. It is made from our own literals and from text that is escaped.
struct Markup: Hashable, Sendable, ExpressibleByStringInterpolation {
    private(set) var html: String

    init(stringLiteral value: StaticString) { html = value.description }
    init(stringInterpolation: StringInterpolation) { html = stringInterpolation.html }

    /// Literals are inserted as they are, numbers as digits, and every other text escaped.
    struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var html = ""

        init(literalCapacity: Int, interpolationCount: Int) { html.reserveCapacity(literalCapacity * 2) }

        mutating func appendLiteral(_ literal: StaticString) { html += literal.description }
        mutating func appendInterpolation(_ number: Int) { html += String(number) }
        mutating func appendInterpolation(_ text: String) { html += Markup.escaped(text) }
        mutating func appendInterpolation(_ markup: Markup) { html += markup.html }
    }

    static func += (left: inout Markup, right: Markup) { left.html += right.html }

    /// Escapes a text for the content of an element and for an attribute in quotes.
    ///
    /// It works on scalars: a quotation mark that a combining mark follows is one `Character`, and still ends an
    /// attribute. Scalars that hide, reverse or control text become visible as `\u{202E}`, which also keeps U+0000 out
    /// of the page.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        escaped.reserveCapacity(text.utf8.count + 16)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "&": escaped += "&amp;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            case _ where scalar.isHostile: escaped += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
