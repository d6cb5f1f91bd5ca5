import Certificates
import ExpiryRules

/// What to do about a certificate that expires.
package enum Remedy: Hashable, Sendable {
    /// A CA: whoever verifies against it must have the new one, for these hostnames.
    case renewAuthority(hostnames: [String])
    /// A CA that Cloudflare Access verifies clients with, for these hostnames.
    case uploadToCloudflareAccess(hostnames: [String])
    case renewAndReplace

    package init(_ registration: Registration?) {
        let hostnames = registration?.hostnames ?? []
        self =
            switch registration?.role {
            case .ca: .renewAuthority(hostnames: hostnames)
            case .client, .server, nil: .renewAndReplace
            }
    }
}
