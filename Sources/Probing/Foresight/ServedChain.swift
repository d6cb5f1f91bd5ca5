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

    /// What clients stumble over that know only the root; nil when there is nothing.
    func trouble(at now: Instant) -> String? {
        if let expired = certificates.dropFirst().first(where: { $0.hasExpired(at: now) }) {
            return "the served chain holds \(expired.subject), which has expired: some clients refuse it"
        }
        guard let missing = missingIssuer else { return nil }
        return "the served chain lacks the intermediate \(missing): clients that know only its root refuse it"
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
