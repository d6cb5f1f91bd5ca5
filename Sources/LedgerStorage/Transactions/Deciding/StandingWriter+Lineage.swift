import Certificates
import ExpiryRules

extension StandingWriter {
    /// Finds a certificate elsewhere in the registration that `object` renews or that renews it, and ends the
    /// observations of the older one.
    ///
    /// Only a pair is a lineage; three or more certificates with the same names or key are a fleet. The newer one must
    /// also have appeared later, or the older one must be absent, because two that were present from the start are two
    /// clients.
    ///
    /// What edges report is left to `UnusedCertificates`: there, a client may go on with the older one.
    ///
    /// - Returns: the fingerprint of the older one if its observations were ended.
    func endPredecessor(of object: WatchedObject, in registration: String) throws -> Fingerprint? {
        guard let certificate = object.certificate, registration != plan.observed?.registration else { return nil }
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
