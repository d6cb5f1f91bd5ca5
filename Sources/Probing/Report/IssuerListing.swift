/// Whether the server says that it takes certificates of our client certificate's issuer.
package enum IssuerListing: String, Hashable, Sendable, CaseIterable {
    case listed
    /// The server names CAs, and ours is not among them: it has been rotated out, or a refusal is near.
    case missing
    /// The server names none, or we have no certificate to show.
    case notTold = "not_told"

    init(acceptableAuthorities: [[UInt8]], issuers: [[UInt8]]) {
        if acceptableAuthorities.isEmpty || issuers.isEmpty {
            self = .notTold
        } else {
            self = issuers.contains(where: acceptableAuthorities.contains) ? .listed : .missing
        }
    }
}
