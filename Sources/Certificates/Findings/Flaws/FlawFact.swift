/// The facts of one problem of a certificate or revocation list, from which each language makes a clause.
///
/// The ledger stores them. A stored case is never renamed, and its values are never changed; a test holds their form.
package enum FlawFact: Hashable, Sendable, Codable {
    case path(PathFlaw)
    case revocation(RevocationFlaw)
    case certificate(CertificateFlaw)
    case list(ListFlaw)
    /// The clause that an earlier version of notafter stored, in English.
    case recorded(String)
}

extension FlawFact: Phrase {
    package var english: String {
        switch self {
        case .path(let flaw): flaw.english
        case .revocation(let flaw): flaw.english
        case .certificate(let flaw): flaw.english
        case .list(let flaw): flaw.english
        case .recorded(let text): text
        }
    }

    package var japanese: String {
        switch self {
        case .path(let flaw): flaw.japanese
        case .revocation(let flaw): flaw.japanese
        case .certificate(let flaw): flaw.japanese
        case .list(let flaw): flaw.japanese
        case .recorded(let text): text
        }
    }
}
