/// One certificate or revocation list, as it was met.
package enum Sighting: Hashable, Sendable {
    /// One whose facts are known, and that was not decoded again.
    case known(Fingerprint)
    case read(WatchedObject)

    package static func read(_ certificate: Certificate) -> Sighting {
        .read(.certificate(certificate))
    }

    package var fingerprint: Fingerprint {
        switch self {
        case .known(let fingerprint): fingerprint
        case .read(let object): object.fingerprint
        }
    }

    /// The certificate, unless it was known.
    package var certificate: Certificate? {
        guard case .read(let object) = self else { return nil }
        return object.certificate
    }
}
