import Foundation
import Mustache

/// Templates that replace the built-in title and text: Mustache (mustache(5)), compiled when the configuration is read.
package struct MessageTemplate: Hashable, Sendable {
    package static let builtIn = MessageTemplate(title: nil, text: nil)

    package let title: TemplateSource?
    package let text: TemplateSource?
    /// Why the file of the text cannot be used, naming the file; nil when it can be used or there is none.
    package let unusableFile: String?

    package init(title: TemplateSource?, text: TemplateSource?, unusableFile: String? = nil) {
        self.title = title
        self.text = text
        self.unusableFile = unusableFile
    }

    /// Renders the templates with the values of a message.
    ///
    /// - Parameters:
    ///   - values: the values for the templates, escaped already.
    ///   - builtIn: the built-in title and text.
    ///   - apology: says, in the receiver's markup, why the built-in text was used.
    /// - Returns: the rendered title and text. A template that failed is replaced by the built-in text, and the apology
    ///   follows.
    func rendered(
        _ values: TemplateValues, builtIn: MessageText, apology: (TemplateFailure) -> String
    ) -> MessageText {
        var failures: [TemplateFailure] = unusableFile.map { [.unusable($0)] } ?? []
        func render(_ source: TemplateSource?, else builtIn: String) -> String {
            guard let source else { return builtIn }
            switch source.rendered(values) {
            case .success(let text): return text
            case .failure(let failure):
                failures.append(failure)
                return builtIn
            }
        }
        let title = render(title, else: builtIn.title)
        let text = render(text, else: builtIn.text)
        let apologies = failures.first.map { " " + apology($0) } ?? ""
        // A title is one line, even if its template renders several.
        let line = title.split(whereSeparator: \.isNewline).joined(separator: " ")
        return MessageText(title: line, text: text + apologies)
    }
}

/// A template that compiles and uses only known names.
package struct TemplateSource: Hashable, Sendable {
    private static let sourceLimit = 16_384
    private static let resultLimit = 65_536

    package let source: String
    private let template: MustacheTemplate

    /// - Throws: `TemplateError`, with the position.
    package init(_ source: String) throws(TemplateError) {
        guard source.utf8.count <= Self.sourceLimit else {
            throw TemplateError(line: 1, column: 1, reason: "it is longer than \(Self.sourceLimit) bytes")
        }
        do {
            _ = try MustacheTemplate(string: source)
            try TemplateTags.check(source)
            // Turns off HTML escaping, since our values are escaped for the receiver already. It is added only here, so
            // that the positions of earlier errors are those of the source.
            template = try MustacheTemplate(string: "{{% CONTENT_TYPE:TEXT}}" + source)
        } catch let error as TemplateError {
            throw error
        } catch {
            throw TemplateError(error)
        }
        self.source = source
    }

    /// Renders the template. The result can be empty; it is cut at `resultLimit`.
    func text(_ values: TemplateValues) -> String {
        LengthUnit.bytes.fitted(template.render(TemplateLookup(values: values)), Self.resultLimit)
    }

    func rendered(_ values: TemplateValues) -> Result<String, TemplateFailure> {
        let text = template.render(TemplateLookup(values: values))
        guard text.utf8.count <= Self.resultLimit else { return .failure(.tooLong) }
        let isBlank = text.allSatisfy { $0.isWhitespace || $0.isNewline }
        return isBlank ? .failure(.empty) : .success(text.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    package static func == (left: TemplateSource, right: TemplateSource) -> Bool { left.source == right.source }

    package func hash(into hasher: inout Hasher) { hasher.combine(source) }
}
