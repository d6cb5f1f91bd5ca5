import Certificates

/// The certificates and lists whose standing a change may have changed: what the same transaction has to reconsider.
struct AffectedCertificates {
    /// Seen for the first time ever, in the order of their appearance.
    private(set) var new: [WatchedObject] = []
    /// Known before, and observed or missed anew.
    private(set) var known: Set<Fingerprint> = []

    mutating func appeared(_ object: WatchedObject) {
        new.append(object)
    }

    mutating func changed(_ fingerprint: Fingerprint) {
        known.insert(fingerprint)
    }
}
