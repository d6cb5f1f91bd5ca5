import Certificates

/// A chain as a server presents it, which other clients than ours have to complete.
struct ServedChain {
    /// The server's own first.
    private let certificates: [Certificate]
    private let anchors: [Certificate]

    init(_ certificates: [Certificate], anchors: [Certificate]) {
        self.certificates = certificates
        self.anchors = anchors
    }

    /// What clients that know only the root stumble over; nil when there is nothing.
    var incompleteness: String? {
        missingIssuer.map { "the served chain lacks the intermediate \($0): clients that know only its root refuse it" }
    }

    /// What is said of a certificate behind the server's own that has expired: the path may do without it, and some clients
    /// do not find that path. nil when there is none.
    func expiredCompanion(at now: Instant) -> String? {
        certificates.dropFirst().first { $0.hasExpired(at: now) }.map { certificate in
            "the served chain holds \(certificate.subject), issued by \(certificate.issuer), which \(certificate.endText) "
                + "and has expired: some clients refuse it"
        }
    }

    /// The subject of the first intermediate that is not served. We may know it as an anchor of our own, and others do not.
    private var missingIssuer: String? {
        guard var current = certificates.first else { return nil }
        var seen: Set<Fingerprint> = []
        while current.subject != current.issuer, seen.insert(current.fingerprint).inserted {
            if let issuer = certificates.first(where: { $0.subject == current.issuer }) {
                current = issuer
                continue
            }
            let known = anchors.filter { $0.subject == current.issuer }
            let isOnlyIntermediate = !known.isEmpty && known.allSatisfy { $0.subject != $0.issuer }
            return isOnlyIntermediate ? current.issuer : nil
        }
        return nil
    }
}

extension Certificate {
    fileprivate func hasExpired(at now: Instant) -> Bool {
        guard case .at(let notAfter) = validity.expiry else { return false }
        return notAfter < now
    }
}
