/// Which addresses messages may be sent to. It is applied to each resolved address, so that neither an unusual spelling
/// nor a DNS answer evades it.
package struct EgressPolicy: Hashable, Sendable {
    package enum Rule: String, Hashable, Sendable, CaseIterable {
        /// The default: any address except those of cloud metadata services, which hand out credentials.
        case anyButMetadata = "any-but-metadata"
        /// Only public addresses: no private, loopback, link-local, multicast or reserved ones.
        case publicOnly = "public-only"
        case any
    }

    private let rule: Rule
    /// Exceptions that are allowed under every rule.
    private let allowed: [AddressRange]

    package init(rule: Rule = .anyButMetadata, allowed: [AddressRange] = []) {
        self.rule = rule
        self.allowed = allowed
    }

    /// Whether a connection to `address`, of 4 or 16 bytes, may be opened.
    package func admits(_ address: [UInt8]) -> Bool {
        let address = Self.canonical(address)
        if allowed.contains(where: { $0.contains(address) }) { return true }
        return switch rule {
        case .any: true
        case .anyButMetadata: !Self.metadata.contains { $0.contains(address) }
        case .publicOnly: !(Self.metadata + Self.nonPublic).contains { $0.contains(address) }
        }
    }

    /// Converts an IPv4-mapped IPv6 address (RFC 4291 2.5.5.2) to IPv4.
    private static func canonical(_ address: [UInt8]) -> [UInt8] {
        let mapped = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]
        return address.count == 16 && Array(address[..<12]) == mapped ? Array(address[12...]) : address
    }

    /// Link-local addresses, where AWS, Azure, Google and most others serve metadata, and the metadata addresses of AWS
    /// and Google in IPv6, of Alibaba, and Azure's wire server.
    private static let metadata = ranges(
        "169.254.0.0/16", "fe80::/10", "fd00:ec2::254", "fd20:ce::254", "100.100.100.200", "168.63.129.16")

    /// The special-purpose registries of IANA (RFC 6890).
    private static let nonPublic = ranges(
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
        "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4",
        "240.0.0.0/4", "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16",
        "3fff::/20", "5f00::/16", "fc00::/7", "ff00::/8")

    private static func ranges(_ texts: String...) -> [AddressRange] {
        texts.compactMap(AddressRange.init(parsing:))
    }
}
