import Certificates
import ExpiryRules

/// The certificates and lists that one of them is connected with.
package struct CertificateRelations: Sendable {
    /// Another certificate or list.
    package struct Relative: Hashable, Sendable {
        package let fingerprint: Fingerprint
        package let name: String
        package let notAfter: Instant?
        package let isCA: Bool
        package let kind: WatchedObject.Kind
        /// Whether a place shows it now.
        package let isWatched: Bool
    }

    /// The CAs of its path and the list that its verifier needs, the one that ends last at the end.
    package let needed: [Relative]
    /// What needs it, the one that ends first at the beginning, at most `limit`.
    package let dependents: [Relative]
    package let dependentCount: Int
    /// The endpoints that present it or one of its dependents, or that are probed with one.
    package let endpoints: [String]
    /// Certificates with the same names, the newest first, at most `limit`.
    package let namesakes: [Relative]

    package static let limit = 20
}
