/// A condition on notices: all matchers must match.
package struct NoticeMatchers: Hashable, Sendable {
    /// At most one for each field.
    package let matchers: [NoticeMatcher]

    /// Matchers on the same field are merged, so that any of their patterns is enough.
    package init(_ matchers: [NoticeMatcher]) {
        var merged: [NoticeMatcher] = []
        for matcher in matchers {
            if let index = merged.firstIndex(where: { $0.field == matcher.field }) {
                let known = merged[index].patterns
                merged[index] = NoticeMatcher(
                    matcher.field, known + matcher.patterns.filter { !known.contains($0) })
            } else {
                merged.append(matcher)
            }
        }
        self.matchers = merged
    }

    /// Reads matchers from a command line, such as `registration=edge-*`, one in each text. A repeated key means either
    /// value.
    ///
    /// - Throws: the error in the first invalid text, or an error for an empty list: a condition for all notices must
    ///   be explicit, as `registration=*`.
    package init(parsing texts: [String]) throws(NoticeMatcherError) {
        guard !texts.isEmpty else { throw .nothingNamed }
        var matchers: [NoticeMatcher] = []
        for text in texts { matchers.append(try NoticeMatcher(parsing: text)) }
        self.init(matchers)
    }

    package func matches(_ traits: NoticeTraits) -> Bool {
        matchers.allSatisfy { $0.matches(traits) }
    }

    /// The texts that `init(parsing:)` reads.
    package var texts: [String] { matchers.flatMap(\.texts) }
}

extension NoticeMatchers: CustomStringConvertible {
    /// `registration=edge-*, severity=critical`.
    package var description: String { texts.joined(separator: ", ") }
}
