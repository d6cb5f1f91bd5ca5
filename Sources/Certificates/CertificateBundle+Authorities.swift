extension CertificateBundle {
    /// The certificates of several bundles, with their encodings.
    package init(merging bundles: [CertificateBundle]) {
        self.init(
            certificates: bundles.flatMap(\.certificates),
            encodings: bundles.reduce(into: [:]) { $0.merge($1.encodings) { first, _ in first } })
    }

    /// The CAs whose names lead upwards from `leaf`, in whatever way they are signed: no path of its goes through any other one.
    package func authorities(above leaf: Certificate) -> CertificateBundle {
        var bySubject: [String: [Certificate]] = [:]
        for authority in certificates where authority.isCA {
            bySubject[authority.subject, default: []].append(authority)
        }
        var above = CertificateBundle()
        var names = [leaf.issuer]
        while let name = names.popLast() {
            // Taken out, so that names in a circle come to an end.
            for authority in bySubject.removeValue(forKey: name) ?? [] {
                above.certificates.append(authority)
                above.encodings[authority.fingerprint] = encodings[authority.fingerprint]
                names.append(authority.issuer)
            }
        }
        return above
    }
}
