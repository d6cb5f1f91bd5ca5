import Certificates
import Probing

/// `endpoints[].expect`
enum ExpectSection {
    enum Key: String, CaseIterable {
        case status, headers, cookies
        case bodyContains = "body_contains"
        case bodyMatches = "body_matches"
        case json
        case httpVersion = "http_version"
        case tlsVersion = "tls_version"
        case responseTime = "response_time"
        case bodyLimit = "body_limit"
        case pong
    }

    private static let bodyLimits = 1...(8 << 20)

    static func read(_ cursor: Cursor?, kind: ProbeProtocol) -> AnswerExpectation {
        var expectation = AnswerExpectation()
        expectation.statuses = kind.admittedStatuses
        guard let cursor, let section = Section<Key>(cursor) else { return expectation }
        reportForeign(section, kind: kind)
        if let statuses = section[.status]?.statuses() { expectation.statuses = statuses }
        expectation.headers = section[.headers].map(headers) ?? []
        expectation.cookies = section[.cookies]?.distinctList { $0.text() } ?? []
        expectation.bodyTexts = section[.bodyContains]?.distinctList { $0.templateText() } ?? []
        expectation.bodyPatterns = section[.bodyMatches]?.distinctList { $0.pattern() } ?? []
        expectation.jsonValues = section[.json].map(jsonValues) ?? []
        expectation.httpVersion = section[.httpVersion]?.choice(of: AnswerExpectation.HTTPVersion.allCases)
        expectation.tlsFloor = section[.tlsVersion]?.choice(of: AnswerExpectation.TLSFloor.allCases)
        expectation.responseTimeMilliseconds = section[.responseTime]?.milliseconds()
        if let limit = section[.bodyLimit]?.integer(within: bodyLimits) { expectation.bodyLimit = limit }
        expectation.expectsPong = section[.pong]?.flag() ?? false
        return expectation
    }

    /// Reports expectations that the endpoint's protocol can never meet.
    private static func reportForeign(_ section: Section<Key>, kind: ProbeProtocol) {
        for key in Key.allCases {
            let isAtHome =
                switch key {
                case .tlsVersion, .responseTime: true
                case .status, .headers, .cookies: kind.isHTTP
                case .bodyContains, .bodyMatches, .json, .httpVersion, .bodyLimit: kind == .https
                case .pong: kind == .wss
                }
            if !isAtHome { section[key]?.report("means nothing at a \(kind.rawValue):// endpoint") }
        }
    }

    private static func headers(_ cursor: Cursor) -> [AnswerExpectation.Header] {
        (cursor.entries() ?? []).compactMap { name, value in
            guard isHeaderName(name) else {
                value.reportAtKey("is not the name of a header")
                return nil
            }
            // For a key without a value, the header only has to be present.
            if value.cursor.kind == .nothing { return AnswerExpectation.Header(name: name, value: nil) }
            return value.cursor.templateText().map { AnswerExpectation.Header(name: name, value: $0) }
        }
    }

    private static func jsonValues(_ cursor: Cursor) -> [AnswerExpectation.JSONValue] {
        (cursor.entries() ?? []).compactMap { key, value in
            guard let path = JSONPath(parsing: key) else {
                value.reportAtKey("is not a path such as status or checks[0].up")
                return nil
            }
            return value.cursor.templateText().map { AnswerExpectation.JSONValue(path: path, value: $0) }
        }
    }
}

/// `endpoints[].refusal`
enum RefusalSection {
    enum Key: String, CaseIterable {
        case status
        case bodyContains = "body_contains"
    }

    static func read(_ cursor: Cursor, kind: ProbeProtocol) -> RefusalMarks {
        var marks = RefusalMarks()
        guard let section = Section<Key>(cursor) else { return marks }
        guard kind.isHTTP else {
            cursor.report("belongs to https:// and wss:// alone")
            return marks
        }
        marks.statuses = section[.status]?.statuses() ?? .none
        marks.bodyTexts = section[.bodyContains]?.distinctList { $0.text() } ?? []
        if marks.isEmpty { section.report("says nothing: name a status or a text of the body") }
        return marks
    }
}

extension Cursor {
    /// A list of status codes and classes.
    fileprivate func statuses() -> StatusSet? {
        distinctList { $0.status() }.map { StatusSet(Set($0)) }
    }

    private func status() -> StatusSet.Element? {
        guard let text = scalarText() else { return nil }
        guard let element = StatusSet.Element(parsing: text) else {
            report("\(quoted(text)) is not an HTTP status (100 to 599) or a class such as 2xx")
            return nil
        }
        return element
    }

    /// A text with placeholders. Reports an unknown placeholder.
    fileprivate func templateText() -> String? {
        guard let text = scalarText() else { return nil }
        for part in text.split(separator: "{{", omittingEmptySubsequences: false).dropFirst() {
            let name = String(part.prefix { $0 != "}" })
            guard AnswerExpectation.placeholders.contains(name), part.contains("}}") else {
                let known = AnswerExpectation.placeholders
                report(
                    "{{\(printableKey(name))}} stands for nothing; known here: \(known.joined(separator: ", "))"
                        + didYouMean(name, among: known))
                return nil
            }
        }
        return text
    }

    fileprivate func pattern() -> String? {
        guard let text = templateText() else { return nil }
        guard (try? Regex(text.replacing("{{", with: "x").replacing("}}", with: "x"))) != nil else {
            report("\(quoted(text)) is not a regular expression")
            return nil
        }
        return text
    }

    /// `250ms`, or a duration in whole seconds.
    fileprivate func milliseconds() -> Int? {
        guard let text = scalarText() else { return nil }
        if text.hasSuffix("ms"), let count = Int(text.dropLast(2)), (1...600_000).contains(count) { return count }
        if let span = TimeSpan(parsing: text), (1...600).contains(span.seconds) { return Int(span.seconds) * 1_000 }
        report("\(quoted(text)) is not a time between 1ms and 10m, such as 250ms or 2s")
        return nil
    }
}
