import CertificateDecoding

/// A `log_format` of nginx (ngx_http_log_module): variables, and the text between them.
package struct NginxLogFormat: Hashable, Sendable {
    /// Why a format cannot be used.
    package struct Problem: Error, Hashable, CustomStringConvertible {
        package let description: String
    }

    /// A variable and the text that follows it.
    private struct Part: Hashable {
        let name: String
        /// nil for a variable that is of no use here.
        let meaning: FieldNames.Meaning?
        let terminator: [UInt8]
    }

    private let prefix: [UInt8]
    private let parts: [Part]
    private let isJSON: Bool

    /// - Parameter text: the directive as the configuration of nginx has it, `log_format NAME 'TEXT' 'TEXT';`, or the text
    ///   alone.
    /// - Throws: `Problem` when the directive is malformed, or its variables do not identify a client certificate.
    package init(_ text: String) throws(Problem) {
        let (format, isJSON) = try Self.format(of: text)
        let (prefix, parts) = try Self.parts(of: format)
        let fields = Set(parts.compactMap(\.meaning?.field))
        guard
            fields.contains(.certificate)
                || fields.contains(.subject) && (fields.contains(.notAfter) || fields.contains(.validity))
        else {
            throw Problem(
                description: """
                    the log format has neither $ssl_client_escaped_cert nor $ssl_client_s_dn with $ssl_client_v_end: add one of \
                    them to log_format
                    """)
        }
        self.prefix = prefix
        self.parts = parts
        self.isJSON = isJSON
    }

    var escaping: ReportedFields.Escaping { isJSON ? .json : .hexadecimal }

    /// Finds the fields of `line`.
    func read(_ line: borrowing Span<UInt8>, into fields: inout ReportedFields) throws(UnreadableLine) {
        guard Self.holds(prefix, at: 0, line) else { throw .otherFormat }
        var position = prefix.count
        for (index, part) in parts.enumerated() {
            let end =
                part.terminator.isEmpty && index == parts.count - 1
                ? line.count : Self.firstIndex(of: part.terminator, from: position, line)
            guard let end else { throw .otherFormat }
            if let meaning = part.meaning { fields.take(position..<end, as: meaning, of: line) }
            position = end + part.terminator.count
        }
        guard position == line.count else { throw .otherFormat }
    }

    private static func holds(_ pattern: [UInt8], at index: Int, _ line: borrowing Span<UInt8>) -> Bool {
        guard line.count - index >= pattern.count else { return false }
        for offset in pattern.indices where line[index + offset] != pattern[offset] { return false }
        return true
    }

    private static func firstIndex(of pattern: [UInt8], from start: Int, _ line: borrowing Span<UInt8>) -> Int? {
        guard let first = pattern.first else { return nil }
        var start = start
        while let index = line.firstIndex(of: first, from: start) {
            if holds(pattern, at: index, line) { return index }
            start = index + 1
        }
        return nil
    }

    /// The text of the format, joined from its quoted parts, and whether nginx escapes values as in JSON.
    private static func format(of text: String) throws(Problem) -> (String, isJSON: Bool) {
        let trimmed = text.trimmingPrefix { $0.isWhitespace }
        guard trimmed.hasPrefix("log_format") else { return (text, text.hasPrefix("{")) }
        var format = ""
        var quote: Character?
        var isEscaped = false
        var outside = ""
        for character in trimmed {
            if isEscaped {
                format.append(character)
                isEscaped = false
            } else if quote != nil, character == "\\" {
                isEscaped = true
            } else if let open = quote {
                if character == open { quote = nil } else { format.append(character) }
            } else if character == "'" || character == "\"" {
                quote = character
            } else {
                outside.append(character)
            }
        }
        guard quote == nil, !format.isEmpty else {
            throw Problem(
                description: "the log format has no quoted text: give the whole directive, log_format NAME '…';")
        }
        return (format, outside.contains("escape=json"))
    }

    private static func parts(of format: String) throws(Problem) -> ([UInt8], [Part]) {
        var texts: [[UInt8]] = [[]]
        var names: [String] = []
        var rest = Substring(format)
        while let character = rest.first {
            rest = rest.dropFirst()
            guard character == "$" else {
                texts[texts.count - 1] += Array(String(character).utf8)
                continue
            }
            let isBraced = rest.first == "{"
            if isBraced { rest = rest.dropFirst() }
            let name = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
            rest = rest.dropFirst(name.count)
            if isBraced, rest.first == "}" { rest = rest.dropFirst() }
            if !names.isEmpty, texts[texts.count - 1].isEmpty {
                throw Problem(
                    description:
                        "nothing separates the variables \(names[names.count - 1]) and \(name) in the log format")
            }
            names.append(String(name).lowercased())
            texts.append([])
        }
        let parts = zip(names, texts.dropFirst()).map { name, text in
            Part(name: name, meaning: FieldNames.meaning(of: Array(name.utf8)), terminator: text)
        }
        return (texts[0], parts)
    }
}
