/// What a registered certificate is for.
package enum Role: String, Hashable, Sendable, CaseIterable {
    case ca
    case client
    case server
}
