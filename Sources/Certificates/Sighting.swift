/// One certificate or revocation list that was found.
package enum Sighting: Hashable, Sendable {
    /// An object whose facts are known, so that it was not decoded again.
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

    /// The certificate, if it was decoded. nil for a known object or a list.
    package var certificate: Certificate? {
        guard case .read(let object) = self else { return nil }
        return object.certificate
    }
}
