/// An object that expires: a certificate or a revocation list.
package enum WatchedObject: Hashable, Sendable {
    /// Raw values are stored in the ledger, and are part of each message's id.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case certificate
        case revocationList = "revocation_list"
    }

    case certificate(Certificate)
    case revocationList(RevocationList)

    package var kind: Kind {
        switch self {
        case .certificate: .certificate
        case .revocationList: .revocationList
        }
    }

    /// The SHA-256 of its DER.
    package var fingerprint: Fingerprint {
        switch self {
        case .certificate(let certificate): certificate.fingerprint
        case .revocationList(let list): list.fingerprint
        }
    }

    package var validity: Validity {
        switch self {
        case .certificate(let certificate): certificate.validity
        case .revocationList(let list): list.validity
        }
    }

    /// The name in all output: a certificate's name, or a list's issuer. Untrusted text.
    package var name: String {
        switch self {
        case .certificate(let certificate): certificate.name
        case .revocationList(let list): list.issuer
        }
    }

    package var certificate: Certificate? {
        guard case .certificate(let certificate) = self else { return nil }
        return certificate
    }

    package var revocationList: RevocationList? {
        guard case .revocationList(let list) = self else { return nil }
        return list
    }
}

extension RevocationList {
    /// From thisUpdate to nextUpdate. Verifiers accept the list only within it.
    package var validity: Validity {
        Validity(notBefore: thisUpdate, notAfter: nextUpdate)
    }
}
