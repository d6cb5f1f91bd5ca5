import TransportSecurity

/// Where the daemon serves, and to whom.
package struct ListenSettings: Hashable, Sendable {
    package let address: ListenAddress
    /// The names besides this machine's own that requests may have in their field `Host`, in lower case.
    package let hosts: Set<String>
    /// A file with the token that each request must have; nil when every local user may read.
    package let tokenFile: SecretFile?

    package init(address: ListenAddress, hosts: Set<String> = [], tokenFile: SecretFile? = nil) {
        self.address = address
        self.hosts = hosts
        self.tokenFile = tokenFile
    }
}

/// An address that only processes of this machine can reach.
package enum ListenAddress: Hashable, Sendable {
    /// A numeric loopback address without brackets. Port 0 is chosen by the kernel.
    case loopback(host: String, port: Int)
    /// A path.
    case unixSocket(String)
}

extension ListenAddress: CustomStringConvertible {
    /// As in the configuration.
    package var description: String {
        switch self {
        case .loopback(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unixSocket(let path): "unix:\(path)"
        }
    }
}
