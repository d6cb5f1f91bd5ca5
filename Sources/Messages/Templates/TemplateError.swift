import Mustache

/// Why a template cannot be used, with the position of the error.
package struct TemplateError: Error, Hashable, Sendable {
    /// Both count from 1.
    package let line: Int
    package let column: Int
    package let reason: String

    init(line: Int, column: Int, reason: String) {
        self.line = line
        self.column = column
        self.reason = reason
    }

    init(_ error: any Error) {
        guard let error = error as? MustacheTemplate.ParserError else {
            self.init(line: 1, column: 1, reason: "\(error)")
            return
        }
        self.init(
            line: error.context.lineNumber, column: error.context.columnNumber,
            reason: (error.error as? MustacheTemplate.Error).map(Self.reason) ?? "a tag is not closed with \"}}\"")
    }

    private static func reason(_ error: MustacheTemplate.Error) -> String {
        switch error {
        case .sectionCloseNameIncorrect: "a section is closed by another name than it was opened by"
        case .unfinishedName: "a tag is not closed with \"}}\""
        case .expectedSectionEnd: "a section is not closed"
        case .invalidSetDelimiter, .transformAppliedToInheritanceSection, .illegalTokenInsideInheritSection,
            .textInsideInheritSection, .invalidConfigVariableSyntax, .unrecognisedConfigVariable:
            "a tag is malformed"
        }
    }
}
