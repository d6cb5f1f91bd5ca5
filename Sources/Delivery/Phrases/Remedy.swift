import Certificates
import ExpiryRules

/// What to do about a certificate that expires.
package enum Remedy: Hashable, Sendable {
    /// A CA: whoever verifies against it must have the new one, for these hostnames.
    case renewAuthority(hostnames: [String])
    /// A CA that Cloudflare Access verifies clients with, for these hostnames.
    case uploadToCloudflareAccess(hostnames: [String])
    case renewAndReplace
    /// A revocation list.
    case publishList

    package init(_ kind: WatchedObject.Kind, of registration: Registration?) {
        let hostnames = registration?.hostnames ?? []
        self =
            switch registration?.role {
            case _ where kind == .revocationList: .publishList
            case .ca where registration?.profile == .cloudflareAccess: .uploadToCloudflareAccess(hostnames: hostnames)
            case .ca: .renewAuthority(hostnames: hostnames)
            case .client, .server, .revocationList, nil: .renewAndReplace
            }
    }
}
