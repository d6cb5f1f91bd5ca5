import Certificates
import ExpiryRules

/// A position in the order of the end of certificates and lists. Of two with the same end, the one that the ledger saw
/// first comes first.
package struct ExpiryPosition: Hashable, Sendable {
    /// The end in seconds since 1970; `unreadable` for an unreadable date.
    package let seconds: Int64
    /// A fingerprint that the ledger does not know is after all that end in the same second.
    package let fingerprint: Fingerprint

    /// Before the year 0, so that unreadable dates come first.
    package static let unreadable: Int64 = -99_999_999_999

    package init(seconds: Int64, fingerprint: Fingerprint) {
        self.seconds = seconds
        self.fingerprint = fingerprint
    }
}

/// Which certificates and lists a page shows, beginning with the one that ends first.
package struct PageSelection: Hashable, Sendable {
    /// Begin after this one; nil for the first page.
    package var after: ExpiryPosition?
    /// Only what ends by then.
    package var until: Instant?
    /// Only what one of these registrations sees; nil for all.
    package var registrations: [String]?
    /// Only what has this text in its subject, issuer or alternative names, in any case; empty for all.
    package var text = ""
    /// How many a page shows.
    package var limit = 50
    /// How many are read for a page at most.
    package var budget = 20_000

    package init() {}
}

/// Some certificates and lists, beginning with the one that ends first.
package struct CertificatePage: Sendable {
    /// What follows after the page.
    package enum Rest: Hashable, Sendable {
        case nothing
        /// The next page begins after this one.
        case page(after: ExpiryPosition)
        /// The budget ended. What follows after this one was not searched.
        case unsearched(after: ExpiryPosition)
    }

    package let entries: [PageEntry]
    package let rest: Rest
}

/// One certificate or list of a page, with all registrations that see it.
package struct PageEntry: Sendable {
    package let object: WatchedObject
    package let position: ExpiryPosition
    /// For all registrations that see it and need it.
    package internal(set) var standing = ObjectStanding()
    package internal(set) var flaws: [Judgement.Flaw] = []
    /// The registrations that see it now, in the order of their names.
    package internal(set) var watchers: [String] = []
    /// The number of its places.
    package internal(set) var places = 0
}
