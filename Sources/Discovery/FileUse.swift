import Certificates

/// How a server uses a file that a statement names.
enum FileUse {
    /// The certificate that the server presents.
    case certificate
    /// CAs that the server sends with its certificate.
    case presentedChain
    /// The CAs that the server trusts for its clients.
    case clientAuthority
    /// The certificate that the server presents as a client of another server.
    case upstreamCertificate
    /// The CAs that the server trusts as a client of another server.
    case upstreamAuthority
    case revocationList
}

extension Inventory {
    /// Adds a file that a server's configuration names, if its path does not depend on the request.
    ///
    /// - Parameters:
    ///   - argument: the path in the configuration. An empty path disables an inherited one.
    ///   - use: the use of the file.
    ///   - hostnames: the hostnames of the server that uses it.
    ///   - key: the path of its private key in the configuration.
    ///   - base: the base of relative paths.
    ///   - place: the place that names it.
    mutating func add(
        _ argument: String, as use: FileUse, hostnames: [String] = [], key: String? = nil, base: ServerDirectory,
        at place: Place
    ) {
        guard !argument.isEmpty else { return }
        if let hindrance = Self.hindrance(argument) {
            warn("\(argument) \(hindrance)", at: place)
            return
        }
        let path = root.openable(base.absolute(argument))
        let key = key.flatMap { Self.hindrance($0) == nil ? root.openable(base.absolute($0)) : nil }
        switch use {
        case .certificate: register(path, as: .server, hostnames: hostnames, key: key, at: place)
        case .clientAuthority: register(path, as: .ca, hostnames: hostnames, at: place)
        case .upstreamCertificate: register(path, as: .client, hostnames: hostnames, key: key, at: place)
        case .presentedChain, .upstreamAuthority: register(path, as: .ca, at: place)
        case .revocationList: register(path, as: .revocationList, at: place)
        }
    }

    /// Why a text in place of a path cannot be followed, as a clause after the text.
    private static func hindrance(_ argument: String) -> String? {
        if argument.contains("$") { return "holds a variable and is not followed" }
        if ["data:", "engine:", "store:", "pkcs11:"].contains(where: argument.hasPrefix) {
            return "is no path and is not followed"
        }
        let isUnwritable = argument.unicodeScalars.contains {
            // Bytes that are not UTF-8 have become U+FFFD.
            $0 == "\u{FFFD}" || $0.properties.generalCategory == .control
        }
        return isUnwritable ? "cannot be written into a configuration" : nil
    }
}
