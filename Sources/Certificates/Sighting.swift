/// One certificate, as it was met.
package enum Sighting: Hashable, Sendable {
    /// A certificate whose facts are known, and that was not decoded again.
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
