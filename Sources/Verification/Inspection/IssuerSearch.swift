import Certificates

/// Finds the issuers of certificates among those of one container.
struct IssuerSearch {
    /// One certificate. `verifiable` is nil when OpenSSL cannot parse it.
    struct Candidate {
        let certificate: Certificate
        let verifiable: VerifiableCertificate?
    }

    // A malicious file may contain thousands of certificates of one name, with keys that take milliseconds to use.
    /// The maximum number of CAs of one name that are tried.
    private static let namesakeLimit = 16
    /// The maximum number of signatures that are verified. Beyond it, names and key identifiers decide.
    private static let signatureLimit = 1_000
    /// The maximum number of certificates above one another.
    private static let pathLimit = 64

    private let candidates: [Candidate]
    private var issuers: [Int?]
    private var signaturesLeft = IssuerSearch.signatureLimit

    private init(_ candidates: [Candidate]) {
        self.candidates = candidates
        issuers = Array(repeating: nil, count: candidates.count)
    }

    /// - Returns: for each candidate the index of its issuer. nil for a root, and when the issuer is missing.
    static func issuers(among candidates: [Candidate]) -> [Int?] {
        let bySubject = Dictionary(grouping: candidates.indices, by: { candidates[$0].certificate.subject })
        var search = IssuerSearch(candidates)
        for (index, candidate) in candidates.enumerated() {
            let namesakes = bySubject[candidate.certificate.issuer, default: []]
            // For a self-signed certificate no other issuer is searched, even if another one could have signed it.
            guard !namesakes.contains(index) || !search.isIssued(index, by: index) else { continue }
            for issuer in namesakes.prefix(namesakeLimit) where issuer != index {
                guard !search.stands(index, above: issuer), search.isIssued(index, by: issuer) else { continue }
                search.issuers[index] = issuer
                break
            }
        }
        return search.issuers
    }

    /// Prevents cycles: cross-signed CAs issue each other, which a tree cannot show.
    private func stands(_ index: Int, above other: Int) -> Bool {
        var step: Int? = other
        for _ in 0..<Self.pathLimit {
            guard let current = step else { return false }
            guard current != index else { return true }
            step = issuers[current]
        }
        return true
    }

    private mutating func isIssued(_ index: Int, by issuer: Int) -> Bool {
        guard let leaf = candidates[index].verifiable, let above = candidates[issuer].verifiable else {
            return candidates[index].certificate.issuer == candidates[issuer].certificate.subject
        }
        // A root of version 1 does not state that it is a CA, so its own signature suffices.
        guard index == issuer || leaf.parsed.names(asIssuer: above.parsed) else { return false }
        guard signaturesLeft > 0 else { return true }
        signaturesLeft -= 1
        return leaf.parsed.signatureVerifies(byKeyOf: above.parsed)
    }
}
