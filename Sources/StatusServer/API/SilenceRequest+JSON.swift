import Certificates

extension SilenceRequest {
    private enum Key: String, CaseIterable {
        case matchers, reason
        case duration = "for"
        case end = "until"
        case author = "by"
    }

    /// Reads a request body such as `{"matchers": ["role=ca"], "for": "7d", "reason": "CHG-42", "by": "alice"}`.
    ///
    /// - Parameters:
    ///   - object: the body.
    ///   - caller: without `by`, the subject of its certificate is the author.
    /// - Throws: `Problem` for a missing, misspelt or malformed value.
    init(_ object: JSONObject, from caller: Caller) throws {
        try object.requireKeys(among: Key.allCases.map(\.rawValue))
        let matchers = try object.texts(Key.matchers.rawValue)
        guard let matchers, !matchers.isEmpty else {
            throw Problem(.badRequest, "matchers is a list of KEY=VALUE with at least one element.")
        }
        guard let reason = try object.text(Key.reason.rawValue) else {
            throw Problem(.badRequest, "reason is missing: say why notices are silenced.")
        }
        let duration = try object.text(Key.duration.rawValue).map { text in
            guard let span = TimeSpan(parsing: text), span.seconds > 0 else {
                throw Problem(.badRequest, "for is a duration such as 90m or 7d.")
            }
            return span
        }
        let end = try object.text(Key.end.rawValue).map { text in
            guard let instant = Instant(rfc3339: text) else {
                throw Problem(.badRequest, "until is a time such as 2027-01-15T08:00:00Z.")
            }
            return instant
        }
        self.init(
            matchers: matchers, duration: duration, end: end, reason: reason,
            author: try object.text(Key.author.rawValue) ?? Self.author(caller))
    }

    private static func author(_ caller: Caller) throws -> String {
        if case .certificate(let subject) = caller, !subject.isEmpty { return subject }
        throw Problem(
            .badRequest, "by is missing: name the author. A client certificate's subject is taken without it.")
    }
}
