/// What a registered certificate is for. Raw values are part of the JSON contract.
package enum Role: String, Hashable, Sendable, CaseIterable {
    case ca
    case client
    case server
    /// No certificate but the list of those that a CA has revoked.
    case revocationList = "revocation_list"
}
