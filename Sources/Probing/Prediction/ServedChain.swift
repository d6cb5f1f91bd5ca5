import Certificates

/// The chain that a server presents, as seen by clients other than ours, which have to complete it.
struct ServedChain {
    /// The server's own certificate first.
    private let certificates: [Certificate]
    private let anchors: [Certificate]

    init(_ certificates: [Certificate], anchors: [Certificate]) {
        self.certificates = certificates
        self.anchors = anchors
    }

    /// The problem for clients that know only the root. nil when there is none.
    var incompleteness: PredictionFact? {
        missingIssuer.map { .intermediateMissing(name: $0) }
    }

    /// The problem with an expired certificate after the server's own. The path may not need it, but some clients do
    /// not find that path. nil when there is none.
    func expiredCompanion(at now: Instant) -> PredictionFact? {
        certificates.dropFirst().first { $0.hasExpired(at: now) }.map { certificate in
            .expiredServed(name: certificate.subject, issuer: certificate.issuer, end: certificate.end)
        }
    }

    /// The subject of the first intermediate that is not presented. Our anchors may contain it, but those of other
    /// clients do not.
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
