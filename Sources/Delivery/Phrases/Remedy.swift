import Certificates
import ExpiryRules
import LedgerStorage

/// What to do about what expires.
package enum Remedy: Hashable, Sendable {
    /// A CA: whoever verifies against it must have the new one, for these hostnames.
    case renewAuthority(hostnames: [String])
    /// A CA that Cloudflare Access verifies clients with, for these hostnames.
    case uploadToCloudflareAccess(hostnames: [String])
    /// A CA in a trust store of an AWS load balancer.
    case uploadToTrustStore
    case renewAndReplace
    case issueList
    /// What ends it before its own end comes first: a CA by this name, or its revocation list.
    case renewAuthorityFirst(name: String)
    case issueListFirst(issuer: String)

    package init(_ facts: NoticeFacts, registration: Registration?) {
        let hostnames = registration?.hostnames ?? []
        self =
            switch (facts.earlyEnd?.culprit.kind, facts.object?.kind, registration?.role, registration?.profile) {
            case (.certificate, _, _, _): .renewAuthorityFirst(name: facts.earlyEnd?.culprit.name ?? "")
            case (.revocationList, _, _, _): .issueListFirst(issuer: facts.earlyEnd?.culprit.name ?? "")
            case (nil, .revocationList, _, _): .issueList
            case (nil, _, .ca, .cloudflareAccess): .uploadToCloudflareAccess(hostnames: hostnames)
            case (nil, _, .ca, .awsTrustStore): .uploadToTrustStore
            case (nil, _, .ca, nil): .renewAuthority(hostnames: hostnames)
            case (nil, _, .client, _), (nil, _, .server, _), (nil, _, .revocationList, _), (nil, _, nil, _):
                .renewAndReplace
            }
    }
}
