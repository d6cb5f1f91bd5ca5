import Certificates

/// A silence: a person's decision to hold matching notices for a time, with the reason.
package struct Silence: Hashable, Sendable {
    /// The longest duration, so that a forgotten silence ends.
    package static let longest = TimeSpan.days(365)

    /// The first silence of a ledger has the id 1.
    package let id: Int64
    package let terms: SilenceTerms
    package let createdAt: Instant
    /// Set when it ended early.
    package let ending: Ending?

    package struct Ending: Hashable, Sendable {
        package let endedAt: Instant
        package let because: Reason

        package init(endedAt: Instant, because: Reason) {
            self.endedAt = endedAt
            self.because = because
        }
    }

    /// Why a silence ended early. The ledger and the JSON contain the raw values.
    package enum Reason: String, Hashable, Sendable, CaseIterable {
        /// A person ended it.
        case expired
        /// The certificate or list that it matches has ended.
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

    /// When it ended or will end.
    package var overAt: Instant { ending?.endedAt ?? terms.endsAt }
}

/// The terms that a person sets for a silence.
package struct SilenceTerms: Hashable, Sendable {
    package let matchers: NoticeMatchers
    package let author: String
    package let reason: String
    /// The first second in which it no longer holds notices.
    package let endsAt: Instant

    package init(matchers: NoticeMatchers, author: String, reason: String, endsAt: Instant) {
        self.matchers = matchers
        self.author = author
        self.reason = reason
        self.endsAt = endsAt
    }

    /// The only certificate or list that it matches, with which it ends; nil if it can match others.
    package var fingerprint: Fingerprint? {
        guard let matcher = matchers.matchers.first(where: { $0.field == .fingerprint }),
            matcher.patterns.count == 1
        else { return nil }
        return Fingerprint(hexadecimal: matcher.patterns[0].text)
    }
}

extension Sequence where Element == Silence {
    /// The silence that holds a notice for several registrations. All of them must be silenced, and the notice is held
    /// until the first of these silences ends. `traits` has an element for each registration.
    package func holding(_ traits: [NoticeTraits], at now: Instant) -> Silence? {
        let holding = traits.map { self.holding($0, at: now) }
        return holding.contains(nil) ? nil : holding.compactMap(\.self).min { $0.terms.endsAt < $1.terms.endsAt }
    }

    /// The longest of the silences that hold a notice with `traits` at `now`.
    package func holding(_ traits: NoticeTraits, at now: Instant) -> Silence? {
        filter { $0.isActive(at: now) && $0.terms.matchers.matches(traits) }
            .max { ($0.terms.endsAt, $1.id) < ($1.terms.endsAt, $0.id) }
    }
}
