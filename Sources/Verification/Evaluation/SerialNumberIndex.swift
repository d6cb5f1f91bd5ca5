import Certificates

/// Finds serial numbers that one issuer gave to different certificates (RFC 5280 4.1.2.2), with 8 bytes for each
/// certificate.
///
/// It stores only hashes, whose seed is random in each process, so that names cannot be chosen to collide. A second
/// pass over the certificates finds those with a duplicate number, and excludes accidental collisions: about one pair
/// in thirty sets of a million certificates.
package struct SerialNumberIndex {
    /// The low bits of an entry are the hash of the certificate, the high bits that of issuer and serial number.
    private static let holderBits: UInt64 = 20

    /// The numbers that occur in different certificates.
    package struct Duplicates {
        fileprivate let identities: Set<UInt64>

        package var isEmpty: Bool { identities.isEmpty }

        /// Whether another certificate has, or by collision seems to have, the same issuer and serial number.
        package func concern(_ certificate: Certificate) -> Bool {
            identities.contains(SerialNumberIndex.identity(of: certificate))
        }
    }

    private var entries: [UInt64] = []

    package init() {}

    /// Adds a certificate. Adding it again has no effect.
    package mutating func insert(_ certificate: Certificate) {
        var hasher = Hasher()
        hasher.combine(certificate.fingerprint)
        let holder = UInt64(bitPattern: Int64(hasher.finalize())) & (1 << Self.holderBits - 1)
        entries.append(Self.identity(of: certificate) << Self.holderBits | holder)
    }

    /// The numbers that occur in different certificates among all that were added. Sorts the entries in place.
    package mutating func duplicates() -> Duplicates {
        entries.sort()
        var identities: Set<UInt64> = []
        for (entry, next) in zip(entries, entries.dropFirst())
        where entry != next && entry >> Self.holderBits == next >> Self.holderBits {
            identities.insert(entry >> Self.holderBits)
        }
        return Duplicates(identities: identities)
    }

    private static func identity(of certificate: Certificate) -> UInt64 {
        var hasher = Hasher()
        hasher.combine(certificate.issuer)
        hasher.combine(certificate.serialNumber)
        return UInt64(bitPattern: Int64(hasher.finalize())) >> holderBits
    }
}
