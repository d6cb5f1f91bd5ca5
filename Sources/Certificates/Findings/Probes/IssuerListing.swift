/// Whether the server names the issuer of our client certificate among the CAs that it accepts.
package enum IssuerListing: String, Hashable, Sendable, Codable, CaseIterable {
    case listed
    /// The server names CAs without our issuer: the CA was removed, or refusals are imminent.
    case missing
    /// The server names no CAs, or we have no client certificate.
    case notStated = "not_told"
}
