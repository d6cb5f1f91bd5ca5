import TransportSecurity

/// Where the daemon serves, and to whom.
package struct ListenSettings: Hashable, Sendable {
    package let address: ListenAddress
    /// The names besides this machine's own that requests may have in their field `Host`, in lower case.
    package let hosts: Set<String>
    /// A file with a token; nil when no token opens the listener.
    package let tokenFile: SecretFile?
    /// nil for HTTP without TLS, which only a loopback address or a socket may have.
    package let tls: ServerTLSFiles?

    package init(
        address: ListenAddress, hosts: Set<String> = [], tokenFile: SecretFile? = nil, tls: ServerTLSFiles? = nil
    ) {
        self.address = address
        self.hosts = hosts
        self.tokenFile = tokenFile
        self.tls = tls
    }

    /// Whether the listener asks its clients for a certificate.
    package var admitsClientCertificates: Bool { tls?.clientCA != nil }
}

/// An address that the daemon listens at.
package enum ListenAddress: Hashable, Sendable {
    /// A numeric loopback address without brackets. Port 0 is chosen by the kernel.
    case loopback(host: String, port: Int)
    /// Any other numeric address without brackets, which other machines can reach.
    case network(host: String, port: Int)
    /// A path.
    case unixSocket(String)
}

extension ListenAddress: CustomStringConvertible {
    /// As in the configuration.
    package var description: String {
        switch self {
        case .loopback(let host, let port), .network(let host, let port):
            host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unixSocket(let path): "unix:\(path)"
        }
    }
}
