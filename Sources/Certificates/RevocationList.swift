/// What notafter knows of one certificate revocation list (RFC 5280 section 5): facts alone, no DER, and none of the revoked
/// certificates, of which there may be half a million.
///
/// All text comes from the list and is hostile: whoever prints it escapes it for where it goes.
package struct RevocationList: Hashable, Sendable {
    /// What the list says of one certificate.
    package struct Entry: Hashable, Sendable {
        package let serialNumber: SerialNumber
        /// nil where the date is no date.
        package let revokedAt: Instant?
        /// nil where the list gives none.
        package let reason: RevocationReason?

        package init(serialNumber: SerialNumber, revokedAt: Instant?, reason: RevocationReason?) {
            self.serialNumber = serialNumber
            self.revokedAt = revokedAt
            self.reason = reason
        }
    }

    /// The SHA-256 of the list's DER.
    package let fingerprint: Fingerprint
    /// RFC 4514.
    package let issuer: String
    /// nil where the date is no date.
    package let thisUpdate: Instant?
    /// By when the next list is promised; nil where none is, or where the date is no date.
    package let nextUpdate: Instant?
    /// Rises with each list of an issuer (RFC 5280 5.2.3).
    package let number: SerialNumber?
    /// The number of the list that this one completes (RFC 5280 5.2.4); nil for a list that stands for itself.
    package let deltaBase: SerialNumber?
    /// A name such as `ecdsa-with-SHA256`, or the dotted OID where it has none that we know.
    package let signatureAlgorithm: String
    /// The issuer's key identifier (RFC 5280 5.2.1).
    package let authorityKeyIdentifier: [UInt8]?
    /// How many certificates it revokes.
    package let revokedCount: Int

    package init(
        fingerprint: Fingerprint, issuer: String, thisUpdate: Instant?, nextUpdate: Instant?, number: SerialNumber?,
        deltaBase: SerialNumber?, signatureAlgorithm: String, authorityKeyIdentifier: [UInt8]?, revokedCount: Int
    ) {
        self.fingerprint = fingerprint
        self.issuer = issuer
        self.thisUpdate = thisUpdate
        self.nextUpdate = nextUpdate
        self.number = number
        self.deltaBase = deltaBase
        self.signatureAlgorithm = signatureAlgorithm
        self.authorityKeyIdentifier = authorityKeyIdentifier
        self.revokedCount = revokedCount
    }
}

/// Why a certificate was revoked (RFC 5280 5.3.1).
package enum RevocationReason: UInt8, Hashable, Sendable, CaseIterable {
    case unspecified = 0
    case keyCompromise = 1
    case caCompromise = 2
    case affiliationChanged = 3
    case superseded = 4
    case cessationOfOperation = 5
    case certificateHold = 6
    case removeFromCRL = 8
    case privilegeWithdrawn = 9
    case aaCompromise = 10
}
