/// Which notices are meant: those that all matchers match.
package struct NoticeMatchers: Hashable, Sendable {
    /// Each field once.
    package let matchers: [NoticeMatcher]

    /// Matchers of the same field become one: any of their patterns will do.
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

    /// Reads matchers as people give them on a command line: `registration=edge-*`, one a text. A key that is repeated
    /// means either value.
    ///
    /// - Throws: what is wrong with the first that cannot be read, and when there is none: what matches everything must
    ///   be said outright, with `registration=*`.
    package init(parsing texts: [String]) throws(NoticeMatcherError) {
        guard !texts.isEmpty else { throw .nothingNamed }
        var matchers: [NoticeMatcher] = []
        for text in texts { matchers.append(try NoticeMatcher(parsing: text)) }
        self.init(matchers)
    }

    package func matches(_ traits: NoticeTraits) -> Bool {
        matchers.allSatisfy { $0.matches(traits) }
    }

    /// What `init(parsing:)` reads.
    package var texts: [String] { matchers.flatMap(\.texts) }
}

extension NoticeMatchers: CustomStringConvertible {
    /// `registration=edge-*, severity=critical`.
    package var description: String { texts.joined(separator: ", ") }
}
