import Certificates

/// Finds who issued whom among the certificates of one container.
struct IssuerSearch {
    /// One certificate; without what OpenSSL needs where it cannot read it.
    struct Candidate {
        let certificate: Certificate
        let verifiable: VerifiableCertificate?
    }

    // A hostile file may hold thousands of certificates of one name, with keys that take milliseconds to use.
    /// How many CAs of one name are looked at.
    private static let namesakeLimit = 16
    /// How many signatures are verified; beyond it, names and key identifiers decide alone.
    private static let signatureLimit = 1_000
    /// How many certificates may stand above one another.
    private static let pathLimit = 64

    private let candidates: [Candidate]
    private var issuers: [Int?]
    private var signaturesLeft = IssuerSearch.signatureLimit

    private init(_ candidates: [Candidate]) {
        self.candidates = candidates
        issuers = Array(repeating: nil, count: candidates.count)
    }

    /// - Returns: for each candidate the index of the one that issued it; nil for a root, and where that one is missing.
    static func issuers(among candidates: [Candidate]) -> [Int?] {
        let bySubject = Dictionary(grouping: candidates.indices, by: { candidates[$0].certificate.subject })
        var search = IssuerSearch(candidates)
        for (index, candidate) in candidates.enumerated() {
            let namesakes = bySubject[candidate.certificate.issuer, default: []]
            // One that signed itself looks no further, even where another one could have signed it.
            guard !namesakes.contains(index) || !search.isIssued(index, by: index) else { continue }
            for issuer in namesakes.prefix(namesakeLimit) where issuer != index {
                guard !search.stands(index, above: issuer), search.isIssued(index, by: issuer) else { continue }
                search.issuers[index] = issuer
                break
            }
        }
        return search.issuers
    }

    /// Cross-signed CAs issue one another, and a tree has no room for that.
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
        // A root of version 1 says nowhere that it is a CA: what it signed itself is its own.
        guard index == issuer || leaf.parsed.names(asIssuer: above.parsed) else { return false }
        guard signaturesLeft > 0 else { return true }
        signaturesLeft -= 1
        return leaf.parsed.signatureVerifies(byKeyOf: above.parsed)
    }
}
