import Certificates

/// Notices that somebody holds back for a while, and why.
package struct Silence: Hashable, Sendable {
    /// The longest that one may last: a silence that is forgotten must end while somebody may remember it.
    package static let longest = TimeSpan.days(365)

    /// 1 for the ledger's first.
    package let id: Int64
    package let terms: SilenceTerms
    package let createdAt: Instant
    /// Set when it ended before its time.
    package let ending: Ending?

    package struct Ending: Hashable, Sendable {
        package let endedAt: Instant
        package let because: Reason

        package init(endedAt: Instant, because: Reason) {
            self.endedAt = endedAt
            self.because = because
        }
    }

    /// Why a silence ended before its time. Raw values stand in the ledger and in the JSON.
    package enum Reason: String, Hashable, Sendable, CaseIterable {
        /// Somebody ended it.
        case expired
        /// The certificate or list that it names has ended.
        case certificateEnded = "certificate_ended"
    }

    package init(id: Int64, terms: SilenceTerms, createdAt: Instant, ending: Ending?) {
        self.id = id
        self.terms = terms
        self.createdAt = createdAt
        self.ending = ending
    }

    package func isActive(at now: Instant) -> Bool {
        ending == nil && now < terms.endsAt
    }

    /// When it was, or will be, over.
    package var overAt: Instant { ending?.endedAt ?? terms.endsAt }
}

/// What somebody asks for with a silence.
package struct SilenceTerms: Hashable, Sendable {
    package let matchers: NoticeMatchers
    package let author: String
    package let reason: String
    /// The first second in which it holds nothing any more.
    package let endsAt: Instant

    package init(matchers: NoticeMatchers, author: String, reason: String, endsAt: Instant) {
        self.matchers = matchers
        self.author = author
        self.reason = reason
        self.endsAt = endsAt
    }

    /// The certificate or list that it is about alone; nil for one that is about others too. With that it ends.
    package var fingerprint: Fingerprint? {
        guard let matcher = matchers.matchers.first(where: { $0.field == .fingerprint }),
            matcher.patterns.count == 1
        else { return nil }
        return Fingerprint(hexadecimal: matcher.patterns[0].text)
    }
}

extension Sequence where Element == Silence {
    /// The silence that holds a notice which is told on behalf of several: each of them must be silenced, and it is held
    /// until the first is so no longer. `traits` has an element for each.
    package func holding(_ traits: [NoticeTraits], at now: Instant) -> Silence? {
        let holding = traits.map { self.holding($0, at: now) }
        return holding.contains(nil) ? nil : holding.compactMap(\.self).min { $0.terms.endsAt < $1.terms.endsAt }
    }

    /// Of the silences that hold a notice with `traits` at `now`, the one that lasts longest.
    package func holding(_ traits: NoticeTraits, at now: Instant) -> Silence? {
        filter { $0.isActive(at: now) && $0.terms.matchers.matches(traits) }
            .max { ($0.terms.endsAt, $1.id) < ($1.terms.endsAt, $0.id) }
    }
}
