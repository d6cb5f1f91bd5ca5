import Certificates

/// How many certificates and lists end in each week.
package struct ExpiryCounts: Hashable, Sendable {
    /// What ends.
    package enum Kind: Hashable, Sendable, CaseIterable {
        case authority
        case certificate
        case revocationList
    }

    /// What ends in one week, or in the time before the first one.
    package struct Week: Hashable, Sendable {
        package internal(set) var counts: [Kind: Int] = [:]

        package init(_ counts: [Kind: Int] = [:]) { self.counts = counts }

        package var total: Int { counts.values.reduce(0, +) }
    }

    package let beginning: Instant
    /// The weeks from `beginning` on.
    package internal(set) var weeks: [Week]
    /// What ended before `beginning` and is still watched, or has an unreadable date.
    package internal(set) var overdue = Week()
    /// All that is watched, whenever it ends.
    package internal(set) var total = 0
    /// The CAs that end within the weeks, the first one first, at most `authorityLimit`.
    package internal(set) var authorities: [NamedEnd] = []

    package static let authorityLimit = 24

    /// A CA and its own end.
    package struct NamedEnd: Hashable, Sendable {
        package let fingerprint: Fingerprint
        package let name: String
        package let end: Instant

        package init(fingerprint: Fingerprint, name: String, end: Instant) {
            self.fingerprint = fingerprint
            self.name = name
            self.end = end
        }
    }

    package init(beginning: Instant, weeks: [Week]) {
        self.beginning = beginning
        self.weeks = weeks
    }
}
