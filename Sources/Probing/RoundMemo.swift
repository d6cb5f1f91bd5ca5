import Certificates
import OpenSSLBinding
import TransportSecurity

/// The data that the probes of one round share: each TLS file is read once, and the outlook of each client certificate
/// is computed once, even if many endpoints use them.
package final class RoundMemo: Sendable {
    /// The key of an outlook. The identified objects exist as long as the round, which retains the credentials.
    private struct Credential: Hashable, Sendable {
        let client: Swift.ObjectIdentifier
        let trust: Swift.ObjectIdentifier?
        let now: Instant
    }

    package typealias FindOutlook =
        @Sendable (_ client: Credentials.Client, _ anchors: CertificateBundle, Instant) throws -> ClientOutlook

    let files = CredentialRound()
    private let outlooks = OncePerKey<Credential, ClientOutlook>()
    private let findOutlook: FindOutlook

    /// - Parameter findOutlook: called once for each set of credentials.
    package init(
        findOutlook: @escaping FindOutlook = { try ClientOutlook(of: $0, anchors: $1, at: $2) }
    ) {
        self.findOutlook = findOutlook
    }

    /// nil without a client certificate.
    ///
    /// - Throws: `OpenSSLError` when OpenSSL cannot parse a certificate that it parsed before.
    func outlook(of identities: ProbeIdentities, at now: Instant) throws -> ClientOutlook? {
        guard let client = identities.client else { return nil }
        let credential = Credential(
            client: Swift.ObjectIdentifier(client.identity), trust: identities.trust.map { Swift.ObjectIdentifier($0) },
            now: now)
        return try outlooks.value(for: credential) { try findOutlook(client, identities.anchors, now) }
    }
}
