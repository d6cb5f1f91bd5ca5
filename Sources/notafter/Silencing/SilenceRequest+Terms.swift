import Certificates
import ExpiryRules
import StatusServer

/// Why a silence that a person asks for cannot begin.
struct SilenceRequestError: Error, Equatable {
    enum Kind {
        /// A value is missing or malformed.
        case malformed
        /// A matcher matches no configured value.
        case unknownValue
    }

    let kind: Kind
    let message: String
}

/// Where a silence is asked for, and so what its values are called in messages.
enum SilenceForm {
    case commandLine, api

    fileprivate func name(of key: String) -> String {
        switch self {
        case .commandLine: "--\(key)"
        case .api: key
        }
    }
}

extension SilenceRequest {
    /// What the ledger keeps of it.
    func terms(at now: Instant, from form: SilenceForm) throws(SilenceRequestError) -> SilenceTerms {
        let end: Instant
        switch (duration, self.end) {
        case (let duration?, nil): end = now + duration
        case (nil, let until?): end = until
        case (nil, nil), (.some, .some):
            throw malformed("Say how long, with either \(form.name(of: "for")) or \(form.name(of: "until")).")
        }
        guard end > now else { throw malformed("A silence that ends at \(end) is over already.") }
        guard end <= now + Silence.longest else {
            throw malformed("A silence ends within a year, and \(end) is later.")
        }
        let lines = [(form.name(of: "reason"), reason), (form.name(of: "by"), author)]
        for (name, text) in lines + matchers.map({ ("a matcher", $0) }) where !Self.isLine(text) {
            throw malformed("\(name) must be one line of at most 500 bytes, and not empty.")
        }
        do throws(NoticeMatcherError) {
            return SilenceTerms(
                matchers: try NoticeMatchers(parsing: matchers), author: author, reason: reason, endsAt: end)
        } catch {
            throw malformed(error.description)
        }
    }

    private func malformed(_ message: String) -> SilenceRequestError {
        SilenceRequestError(kind: .malformed, message: message)
    }

    private static func isLine(_ text: String) -> Bool {
        !text.allSatisfy(\.isWhitespace) && text.utf8.count <= 500
            && !text.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }
}

extension NoticeMatchers {
    /// Refuses a matcher that matches no configured value: with a typo, the user would believe that something is silenced.
    func requireKnownValues(among registrations: [Registration]) throws(SilenceRequestError) {
        for matcher in matchers {
            guard let known = matcher.field.knownValues(among: registrations) else { continue }
            for pattern in matcher.patterns where !known.contains(where: pattern.matches) {
                throw SilenceRequestError(
                    kind: .unknownValue,
                    message: "there is no \(matcher.field.name) that \"\(pattern.text)\" matches; known: "
                        + known.joined(separator: ", "))
            }
        }
    }
}
