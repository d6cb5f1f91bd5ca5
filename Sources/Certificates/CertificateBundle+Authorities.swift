extension CertificateBundle {
    /// Merges the certificates of several bundles, with their encodings.
    package init(merging bundles: [CertificateBundle]) {
        self.init(
            certificates: bundles.flatMap(\.certificates),
            encodings: bundles.reduce(into: [:]) { $0.merge($1.encodings) { first, _ in first } })
    }

    /// The CAs that a path from `leaf` may contain: each one is the named issuer of `leaf` or of another one of them.
    /// Signatures are not checked.
    package func authorities(above leaf: Certificate) -> CertificateBundle {
        var bySubject: [String: [Certificate]] = [:]
        for authority in certificates where authority.isCA {
            bySubject[authority.subject, default: []].append(authority)
        }
        var above = CertificateBundle()
        var names = [leaf.issuer]
        while let name = names.popLast() {
            // A name is removed when it is visited, so that circular issuer names end.
            for authority in bySubject.removeValue(forKey: name) ?? [] {
                above.certificates.append(authority)
                above.encodings[authority.fingerprint] = encodings[authority.fingerprint]
                names.append(authority.issuer)
            }
        }
        return above
    }
}
