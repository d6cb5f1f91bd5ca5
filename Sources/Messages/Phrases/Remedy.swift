import Certificates
import ExpiryRules
import LedgerStorage

/// What to do about an object that expires.
package enum Remedy: Hashable, Sendable {
    /// A CA: every verifier for these hostnames needs the new one.
    case renewAuthority(hostnames: [String])
    /// A CA that Cloudflare Access verifies clients with, for these hostnames.
    case uploadToCloudflareAccess(hostnames: [String])
    /// A CA in a trust store of an AWS load balancer.
    case uploadToTrustStore
    case renewAndReplace
    case issueList
    /// The CA of this name ends the certificate before its own notAfter, so it must be renewed first.
    case renewAuthorityFirst(name: String)

    package init(_ facts: NoticeFacts, registration: Registration?) {
        let hostnames = registration?.hostnames ?? []
        if let culprit = facts.earlyEnd?.culprit {
            self = .renewAuthorityFirst(name: culprit.name)
            return
        }
        self =
            switch (facts.object?.kind, registration?.role, registration?.profile) {
            case (.revocationList, _, _): .issueList
            case (_, .ca, .cloudflareAccess): .uploadToCloudflareAccess(hostnames: hostnames)
            case (_, .ca, .awsTrustStore): .uploadToTrustStore
            case (_, .ca, nil): .renewAuthority(hostnames: hostnames)
            case (_, .client, _), (_, .server, _), (_, .revocationList, _), (_, nil, _): .renewAndReplace
            }
    }
}
