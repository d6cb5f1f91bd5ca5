import Certificates
import ExpiryRules

extension StandingWriter {
    /// Looks for a certificate elsewhere in the registration that `certificate` renews, or that renews it, and ends the
    /// older one's observations there.
    ///
    /// Only a pair counts: where three or more share a name or a key, they are a fleet and not a lineage. And the newer
    /// one must have come later, or the older be missing: two that were there from the start are two clients.
    ///
    /// - Returns: the older one's fingerprint, if it ended.
    func endPredecessor(of object: WatchedObject, in registration: String) throws -> Fingerprint? {
        guard let certificate = object.certificate else { return nil }
        let reader = LineageReader(session: session)
        let others = try reader.relatives(of: certificate, in: registration)
        guard others.count == 1, let other = try session.objects.certificate(others[0]) else { return nil }
        let (mine, theirs) = (LineageMember(certificate), LineageMember(other))
        let (newer, older) = mine.outlives(theirs) ? (mine, theirs) : (theirs, mine)
        guard newer.succeeds(older, at: now),
            try reader.appearedLater(newer.fingerprint, than: older.fingerprint, in: registration)
        else { return nil }
        try session.observations.endRenewed(older.fingerprint, by: newer.fingerprint, in: registration, at: now)
        return older.fingerprint
    }
}
