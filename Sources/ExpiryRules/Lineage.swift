import Certificates

/// The facts of a certificate or list that decide about renewal.
package struct LineageMember: Hashable, Sendable {
    package let fingerprint: Fingerprint
    package let validity: Validity
    package let kind: WatchedObject.Kind
    package let isCA: Bool
    package let key: LineageKey

    package init(
        fingerprint: Fingerprint, validity: Validity, kind: WatchedObject.Kind = .certificate, isCA: Bool,
        key: LineageKey
    ) {
        self.fingerprint = fingerprint
        self.validity = validity
        self.kind = kind
        self.isCA = isCA
        self.key = key
    }

    package init(_ certificate: Certificate) {
        self.init(
            fingerprint: certificate.fingerprint, validity: certificate.validity, isCA: certificate.isCA,
            key: certificate.lineageKey)
    }

    /// A list is identified by its issuer, the issuer's key, and whether it is complete or a delta.
    package init(_ list: RevocationList) {
        let mark = list.deltaBase == nil ? "list" : "delta"
        self.init(
            fingerprint: list.fingerprint, validity: list.validity, kind: .revocationList, isCA: false,
            key: LineageKey(
                names: nil, publicKey: Array("\(mark) \(list.issuer) ".utf8) + (list.authorityKeyIdentifier ?? [])))
    }

    package init(_ object: WatchedObject) {
        switch object {
        case .certificate(let certificate): self.init(certificate)
        case .revocationList(let list): self.init(list)
        }
    }

    /// Whether this object, which took the place of `other`, is newer: a certificate that expires later, or a list that
    /// was not issued earlier.
    func replaces(_ other: LineageMember) -> Bool {
        guard kind == .revocationList else { return outlives(other) }
        return (validity.notBefore?.seconds ?? .min) >= (other.validity.notBefore?.seconds ?? .min)
    }

    /// Whether this certificate expires later than `other`. No expiry is later than any date. An unreadable date is
    /// never later.
    package func outlives(_ other: LineageMember) -> Bool {
        switch (validity.expiry, other.validity.expiry) {
        case (.at(let mine), .at(let theirs)): mine > theirs
        case (.never, .at), (.at, .unreadable), (.never, .unreadable): true
        case (.at, .never), (.never, .never), (.unreadable, _): false
        }
    }

    /// Whether this certificate, at another place of the registration of `other`, is its successor
    /// (docs/decisions/renewal-elsewhere.md).
    ///
    /// It must have the same subject and SANs or the same key, expire later and be valid now. A CA must have the same
    /// key, because one with the same name and a new key does not verify the signatures of the old one. Lists have no
    /// successors elsewhere, because a CA may split its revocations over several lists (RFC 5280 5.2.5).
    package func succeeds(_ other: LineageMember, at now: Instant) -> Bool {
        guard kind == .certificate, other.kind == .certificate else { return false }
        guard fingerprint != other.fingerprint, outlives(other), validity.contains(now) else { return false }
        if key.publicKey == other.key.publicKey { return true }
        return !isCA && !other.isCA && key.names != nil && key.names == other.key.names
    }
}

extension Validity {
    /// Whether `now` lies between `notBefore` and `notAfter`, both included.
    package func contains(_ now: Instant) -> Bool {
        guard let notBefore, let notAfter else { return false }
        return notBefore <= now && now <= notAfter
    }
}

/// What replaced a certificate that a file no longer contains.
package enum Replacement: Hashable, Sendable {
    case renewed(by: Fingerprint)
    /// The new certificate expires earlier, so an old one was put back.
    case wentBackwards(to: Fingerprint)
    /// Nothing replaced it.
    case absent
}

/// The certificates of one file, before and after it changed.
package struct FileLineage: Sendable {
    /// Position in the file and certificate.
    package typealias Member = (index: Int, certificate: LineageMember)

    private let added: [Member]

    /// - Parameter added: the certificates that the file contains now and did not contain before.
    package init(added: [Member]) {
        self.added = added
    }

    /// Finds the replacement of a certificate that is gone from the file: a new one with its key or names, otherwise
    /// the new one at its position.
    package func replacement(of gone: Member) -> Replacement {
        let peers = added.filter { $0.certificate.kind == gone.certificate.kind }
        let heir =
            peers.first { $0.certificate.key.publicKey == gone.certificate.key.publicKey }
            ?? peers.first { $0.certificate.key.names != nil && $0.certificate.key.names == gone.certificate.key.names }
            ?? peers.first { $0.index == gone.index }
        guard let heir = heir?.certificate else { return .absent }
        return heir.replaces(gone.certificate)
            ? .renewed(by: heir.fingerprint) : .wentBackwards(to: heir.fingerprint)
    }
}
