import Certificates

/// What a file or stream held, in order, with its defects.
package struct DecodedContainer: Hashable, Sendable {
    /// One certificate at its place. Its index among the entries is that of its `Location`.
    package enum Entry: Hashable, Sendable {
        /// A certificate that was known before, and so was not decoded again.
        case known(Fingerprint)
        case read(Certificate)

        package var fingerprint: Fingerprint {
            switch self {
            case .known(let fingerprint): fingerprint
            case .read(let certificate): certificate.fingerprint
            }
        }

        /// The certificate, unless it was known.
        package var certificate: Certificate? {
            guard case .read(let certificate) = self else { return nil }
            return certificate
        }
    }

    package var entries: [Entry]
    package var revocationLists: [RevocationList]
    package var defects: [Defect]

    package init(entries: [Entry] = [], revocationLists: [RevocationList] = [], defects: [Defect] = []) {
        self.entries = entries
        self.revocationLists = revocationLists
        self.defects = defects
    }
}
