/// The protocol and address of an endpoint, parsed from its URL.
package struct ProbeTarget: Hashable, Sendable {
    /// A URL that cannot be probed.
    package struct Unusable: Error, CustomStringConvertible {
        package let description: String
    }

    package let kind: ProbeProtocol
    package let host: ProbeHost
    package let port: Int
    /// The user for a database login. nil when the URL names none.
    package let user: String?
    /// From the first slash on. Empty when there is none.
    package let path: String

    /// Parses `SCHEME://[USER@]HOST[:PORT][/PATH]`.
    ///
    /// - Throws: `Unusable`
    package init(_ endpoint: Endpoint) throws {
        try self.init(url: endpoint.url)
    }

    /// Parses `SCHEME://[USER@]HOST[:PORT][/PATH]`.
    ///
    /// - Throws: `Unusable`
    package init(url: String) throws {
        guard let colon = url.firstRange(of: "://") else { throw Unusable(description: "the URL has no scheme") }
        let scheme = url[..<colon.lowerBound].lowercased()
        if ["http", "ws"].contains(scheme) {
            throw Unusable(
                description: "\(scheme):// carries no TLS, and so no client certificate: write \(scheme)s://")
        }
        guard let kind = ProbeProtocol(scheme: scheme) else {
            let known = ProbeProtocol.allCases.map { $0.rawValue + "://" }.joined(separator: ", ")
            throw Unusable(description: "\(scheme):// is none of \(known)")
        }
        let rest = url[colon.upperBound...]
        let authority = rest.prefix { !"/?#".contains($0) }
        let at = authority.lastIndex(of: "@")
        let place = at.map { authority[authority.index(after: $0)...] } ?? authority
        let isBracketed = place.hasPrefix("[")
        let written = isBracketed ? place.dropFirst().prefix { $0 != "]" } : place.prefix { $0 != ":" }
        let afterHost = place.dropFirst(written.count + (isBracketed ? 2 : 0))
        guard !written.isEmpty else { throw Unusable(description: "the URL has no host") }
        guard let host = ProbeHost(String(written)) else {
            throw Unusable(description: "the URL's host holds a character that no name has")
        }
        guard afterHost.isEmpty || afterHost.hasPrefix(":"),
            let port = afterHost.isEmpty ? kind.defaultPort : Int(afterHost.dropFirst()), (1...65_535).contains(port)
        else { throw Unusable(description: "the URL has no valid port") }
        self.kind = kind
        self.host = host
        self.port = port
        self.user = at.map { String(authority[..<$0]) }
        self.path = String(rest[authority.endIndex...])
    }

    /// The name for the resolver.
    package var nameToResolve: String { host.name + (host.zone.map { "%\($0)" } ?? "") }

    /// The URL for libcurl. It always begins with https, so that libcurl starts TLS for any protocol.
    var transferURL: String {
        let path = kind.isHTTP ? (path.hasPrefix("/") ? path : "/\(path)") : "/"
        return "https://\(host.inURL):\(port)\(path)"
    }
}
