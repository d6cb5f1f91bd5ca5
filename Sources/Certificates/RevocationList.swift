/// The facts of one certificate revocation list (RFC 5280 section 5), without its DER and without its entries, of which
/// there may be half a million.
///
/// All text comes from the list and is untrusted. Code that prints it must escape it for its destination.
package struct RevocationList: Hashable, Sendable {
    /// The entry of one revoked certificate.
    package struct Entry: Hashable, Sendable {
        package let serialNumber: SerialNumber
        /// nil when the date cannot be read.
        package let revokedAt: Instant?
        /// nil when the entry has none.
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
    /// nil when the date cannot be read.
    package let thisUpdate: Instant?
    /// The time by which the issuer will publish the next list. nil when the list has none, or when the date cannot be
    /// read.
    package let nextUpdate: Instant?
    /// Increases with each list of an issuer (RFC 5280 5.2.3).
    package let number: SerialNumber?
    /// The number of the base list of a delta list (RFC 5280 5.2.4). nil for a complete list.
    package let deltaBase: SerialNumber?
    /// A name such as `ecdsa-with-SHA256`, or the dotted OID of an unknown algorithm.
    package let signatureAlgorithm: String
    /// The issuer's key identifier (RFC 5280 5.2.1).
    package let authorityKeyIdentifier: [UInt8]?
    /// The number of entries.
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
