/// The use of a registered certificate. Raw values are part of the JSON contract.
package enum Role: String, Hashable, Sendable, CaseIterable {
    case ca
    case client
    case server
    /// Not a certificate, but a certificate revocation list.
    case revocationList = "revocation_list"
}
