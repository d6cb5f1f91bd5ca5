/// Checks the tags of a template: each must use a known name, and none may change how the rest is parsed.
enum TemplateTags {
    /// - Throws: `TemplateError` for the first tag that breaks these rules.
    static func check(_ source: String) throws(TemplateError) {
        var sections: [String] = []
        var rest = source[...]
        while let opening = rest.firstRange(of: "{{"), let closing = rest[opening.upperBound...].firstRange(of: "}}") {
            let tag = rest[opening.upperBound..<closing.lowerBound].drop { $0 == " " }
            func fail(_ reason: String) -> TemplateError {
                let (line, column) = position(of: opening.lowerBound, in: source)
                return TemplateError(line: line, column: column, reason: reason)
            }
            switch tag.first {
            case "!": break
            case "/": _ = sections.popLast()
            case let mark? where "><$%=*".contains(mark):
                throw fail(
                    "\"{{\(mark)\" is not taken: templates have no partials, blocks, pragmas or other delimiters")
            default:
                let name = name(of: tag)
                guard isKnown(name, in: sections) else {
                    let known = TemplateName.all.sorted().joined(separator: ", ")
                    throw fail("there is no \"\(name.prefix(64))\"; known here: \(known)")
                }
                if tag.first == "#" || tag.first == "^" { sections.append(name) }
            }
            rest = rest[closing.upperBound...]
        }
    }

    /// The name in a source that consists of one tag, such as `{{days_left}}`; nil for any other source.
    static func onlyName(in source: String) -> String? {
        guard source.hasPrefix("{{"), source.hasSuffix("}}") else { return nil }
        let name = source.dropFirst(2).dropLast(2).filter { $0 != " " }
        return TemplateName.all.contains(name) ? name : nil
    }

    /// The name in a tag, without its sigil and transforms.
    private static func name(of tag: Substring) -> String {
        let bare = tag.filter { !"#^&{} ".contains($0) }
        guard let innermost = bare.lastIndex(of: "(") else { return bare }
        return String(bare[bare.index(after: innermost)...].prefix { $0 != ")" })
    }

    /// An empty name is that of a transform without argument, such as `last()`. "." is the element of a list.
    private static func isKnown(_ name: String, in sections: [String]) -> Bool {
        TemplateName.all.contains(name) || name == "." || name.isEmpty
            || TemplateName.ofLabels.contains(name) && sections.contains("labels")
    }

    private static func position(of index: String.Index, in source: String) -> (line: Int, column: Int) {
        let before = source[..<index]
        let line = before.count(where: \.isNewline) + 1
        let lineStart = before.lastIndex(where: \.isNewline).map { source.index(after: $0) } ?? source.startIndex
        return (line, source.distance(from: lineStart, to: index) + 1)
    }
}
