import Certificates

/// Finds serial numbers that one issuer gave to different certificates (RFC 5280 4.1.2.2), in 8 bytes a certificate.
///
/// It keeps hashes alone, seeded anew in each process, so that nobody can choose names that collide. Which certificates have
/// such a number is found by a second look at them, which also clears those whose hashes are equal by chance: one pair in
/// thirty times a million certificates.
package struct SerialNumberIndex {
    /// The lower bits of an entry are the certificate's hash, the others that of issuer and serial number.
    private static let holderBits: UInt64 = 20

    /// The numbers that occur in different certificates.
    package struct Duplicates {
        fileprivate let identities: Set<UInt64>

        package var isEmpty: Bool { identities.isEmpty }

        /// Whether another certificate has, or seems to have, the same issuer and serial number.
        package func concern(_ certificate: Certificate) -> Bool {
            identities.contains(SerialNumberIndex.identity(of: certificate))
        }
    }

    private var entries: [UInt64] = []

    package init() {}

    /// Counts a certificate; again the same one changes nothing.
    package mutating func insert(_ certificate: Certificate) {
        var hasher = Hasher()
        hasher.combine(certificate.fingerprint)
        let holder = UInt64(bitPattern: Int64(hasher.finalize())) & (1 << Self.holderBits - 1)
        entries.append(Self.identity(of: certificate) << Self.holderBits | holder)
    }

    /// What occurs in different certificates among all that was inserted. Sorts the entries in place.
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
