import Certificates

/// The certificates and lists that a change affects. The same transaction reconsiders them.
struct AffectedCertificates {
    /// Those that the ledger did not know, in order of appearance.
    private(set) var new: [WatchedObject] = []
    /// Those that were known before and whose observations changed.
    private(set) var known: Set<Fingerprint> = []

    mutating func appeared(_ object: WatchedObject) {
        new.append(object)
    }

    mutating func changed(_ fingerprint: Fingerprint) {
        known.insert(fingerprint)
    }
}
