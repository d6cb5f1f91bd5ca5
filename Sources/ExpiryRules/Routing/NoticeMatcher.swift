import Certificates

/// A condition on one field of a notice. It matches if any of its patterns does. A field without a value matches no
/// pattern, not even `*`.
package struct NoticeMatcher: Hashable, Sendable {
    package let field: NoticeField
    /// At least one. `*` matches any characters, `?` one character. Patterns are case-sensitive.
    package let patterns: [NamePattern]

    package init(_ field: NoticeField, _ patterns: [NamePattern]) {
        self.field = field
        self.patterns = patterns
    }

    package func matches(_ traits: NoticeTraits) -> Bool {
        guard let value = traits[field] else { return false }
        return patterns.contains { $0.matches(value) }
    }

    /// `registration=edge-*`, one for each pattern.
    package var texts: [String] { patterns.map { "\(field.name)=\($0)" } }
}

extension NoticeMatcher {
    /// Reads `key=value`, as in `registration=edge-*`, `label.team=edge`, `code=went_backwards`.
    ///
    /// - Throws: an error in the text. Whether such a registration exists is not checked here;
    ///   `NoticeField.knownValues` has the names.
    package init(parsing text: String) throws(NoticeMatcherError) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw .notKeyAndValue(text) }
        guard let field = NoticeField(name: String(parts[0])) else { throw .unknownKey(String(parts[0])) }
        guard !parts[1].isEmpty else { throw .emptyValue(field) }
        var value = String(parts[1])
        if field == .fingerprint { value = try Self.fingerprint(value) }
        let pattern = NamePattern(value)
        if let words = field.vocabulary, !words.contains(where: pattern.matches) {
            throw .unknownValue(value, of: field, known: words)
        }
        self.init(field, [pattern])
    }

    /// A fingerprint in the form that `Fingerprint` prints. A prefix must end with `*`, so that an incomplete
    /// fingerprint does not silence other certificates by accident.
    private static func fingerprint(_ text: String) throws(NoticeMatcherError) -> String {
        let digits = text.lowercased().replacing(":", with: "")
        let isPattern = digits.contains("*") || digits.contains("?")
        guard digits.allSatisfy({ $0.isHexDigit || $0 == "*" || $0 == "?" }), isPattern || digits.count == 64 else {
            throw .badFingerprint(text)
        }
        return digits
    }
}

/// An error in the text of a matcher.
package enum NoticeMatcherError: Error, Hashable {
    case nothingNamed
    case notKeyAndValue(String)
    case unknownKey(String)
    case emptyValue(NoticeField)
    case unknownValue(String, of: NoticeField, known: [String])
    case badFingerprint(String)
}

extension NoticeMatcherError: CustomStringConvertible {
    /// The text is not escaped yet.
    package var description: String {
        switch self {
        case .nothingNamed: "no matcher: name at least one, such as registration=edge-*"
        case .notKeyAndValue(let text): "\"\(text)\" is no matcher such as registration=edge-* or label.team=edge"
        case .unknownKey(let key):
            "\"\(key)\" is nothing that a notice can be matched by; known: \(NoticeField.names.joined(separator: ", "))"
        case .emptyValue(let field): "\(field.name)= lacks its value"
        case .unknownValue(let value, let field, let known):
            field == .code
                ? "no finding has the code \"\(value)\"; docs/findings.md lists them"
                : "\"\(value)\" is no \(field.name); known: \(known.joined(separator: ", "))"
        case .badFingerprint(let text):
            "\"\(text)\" is no fingerprint of 64 hexadecimal digits; put a * behind the beginning of one"
        }
    }
}
